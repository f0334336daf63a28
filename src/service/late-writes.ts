import type { CallParts } from '../cloudtrail/cloudtrail.js'
import type { Logger } from '../log.js'
import { auditLateWrite } from './audit/audit-entries.js'
import type { AuditLog } from './audit/audit-log.js'

/** Writes that are still on the wire when the response of their command is sent: each is logged and audited when AWS responds. */
export class LateWrites {
  readonly #pending = new Set<Promise<void>>()

  constructor(
    private readonly audit: AuditLog,
    private readonly logger: Logger,
  ) {}

  /** Follows a write until AWS responds. */
  readonly follow: CallParts['background'] = (work, write) => {
    const finished = work
      .then(
        ({ output }) => {
          this.logger.warn(write, 'a write finished after its command had returned')
          auditLateWrite(this.audit, write, { awsRequestId: output.$metadata.requestId })
        },
        (err: unknown) => {
          this.logger.warn({ ...write, err }, 'a write failed after its command had returned')
          auditLateWrite(this.audit, write, { code: (err as Error).name })
        },
      )
      .finally(() => this.#pending.delete(finished))
    this.#pending.add(finished)
  }

  /** Waits for all of them. */
  async drain(): Promise<void> {
    await Promise.allSettled(this.#pending)
  }
}
