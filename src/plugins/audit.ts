import fp from 'fastify-plugin'
import type { Config } from '../config.js'
import { auditFile } from '../service/audit/audit-file.js'
import { AuditLog, auditStdout, type AuditSink } from '../service/audit/audit-log.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** The audit log. */
    audit: AuditLog
  }
}

/** Options of the plugin. */
export interface AuditOptions {
  config: Config
  /** Replaces AUDIT_FILE and standard output. */
  sink: AuditSink | undefined
}

/** Opens the audit log: AUDIT_FILE, or standard output. */
export const auditPlugin = fp<AuditOptions>(
  async (app, { config, sink }) => {
    const configured = () =>
      config.AUDIT_FILE === undefined
        ? auditStdout()
        : auditFile(config.AUDIT_FILE, () => {
            app.log.warn('the audit file ended in a fragment: the next entry started on a new line')
          })
    app.decorate('audit', new AuditLog(sink ?? configured()))
  },
  { name: 'audit' },
)
