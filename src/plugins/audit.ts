import fp from 'fastify-plugin'
import type { Config } from '../config.js'
import { auditFile } from '../service/audit/audit-file.js'
import { AuditLog, type AuditSink } from '../service/audit/audit-log.js'
import { checkAuditFile } from '../service/audit/check-audit-file.js'
import { intentsLeftOpen } from '../service/audit/left-open.js'
import type { Logger } from '../log.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** The audit log. */
    audit: AuditLog
  }
}

/** Options of the plugin. */
export interface AuditOptions {
  config: Config
  /** The destination where AUDIT_FILE names none. */
  sink: AuditSink
}

/** The most intents without an outcome that the log shows at start. */
const MAX_SHOWN = 100

/** Owns the audit log: AUDIT_FILE, or standard output. Closing waits for the entries that are not written yet. */
export const auditPlugin = fp<AuditOptions>(
  async (app, { config: { AUDIT_FILE: path }, sink }) => {
    const audit = new AuditLog(path === undefined ? sink : auditFile(path, onFragment), app.log)
    app.decorate('audit', audit)
    app.addHook('onClose', () => audit.close())
    if (path !== undefined) {
      checkAuditFile(path)
      audit.leftOpen = reportLeftOpen(path, app.log)
    }

    function onFragment() {
      app.log.warn('the audit file ended in a fragment: the next entry started on a new line')
    }
  },
  { name: 'audit' },
)

/** Logs the writes that an earlier process began, and whose outcome it did not record, and returns their number. */
function reportLeftOpen(path: string, log: Logger): number {
  const intents = intentsLeftOpen(path)
  for (const intent of intents.slice(-MAX_SHOWN)) {
    log.warn({ intent }, 'an earlier process exited during this write: check its trails')
  }
  if (intents.length > MAX_SHOWN) {
    log.warn({ count: intents.length }, 'writes whose outcome no process recorded')
  }
  return intents.length
}
