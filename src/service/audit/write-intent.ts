import { randomUUID } from 'node:crypto'
import { FailureError } from '../../envelope/failure.js'
import { serviceFailure } from '../../envelope/service-failure.js'
import type { CommandRequest } from '../command-request.js'
import { inputsAsked, writeEntry } from './audit-entries.js'
import { AuditUnavailableError, type AuditLog } from './audit-log.js'

/**
 * The intent of one command to write. Its audit entry is written before the first write is sent, so that a crash leaves no
 * write without a record; the outcome is a second entry with the same id.
 */
export class WriteIntent {
  readonly #id = randomUUID()
  #written: Promise<void> | undefined

  /**
   * @param keyHash SHA-256 of the idempotency key, where the request has one
   * @param ended ends the wait for the audit log
   */
  constructor(
    private readonly audit: AuditLog,
    private readonly request: CommandRequest,
    private readonly keyHash: string | undefined,
    private readonly ended: AbortSignal,
  ) {}

  /** The id of its entries; `undefined` while there is none, since nothing was to be sent yet. */
  get id(): string | undefined {
    return this.#written && this.#id
  }

  /**
   * Writes the entry, the first time, and waits until it is written.
   *
   * @param inputs the trails that the command works on, where it found them itself
   * @throws {FailureError} `AuditUnavailable`, when the audit log cannot be written
   */
  declare(inputs: readonly string[] | undefined): Promise<void> {
    this.#written ??= this.#write(inputs)
    return this.#written
  }

  async #write(inputs: readonly string[] | undefined): Promise<void> {
    const { context, command, body, connection } = this.request
    const entry = {
      id: this.#id,
      phase: 'intent',
      connection: connection.name,
      identity: connection.identity,
      regions: [connection.region],
      command: command.name,
      inputs: (inputs ?? inputsAsked(body)).map((input) => ({ input })),
      requestId: context.id,
      idempotencyKeySha256: this.keyHash,
    }
    this.audit.openIntents.add(this.#id)
    writeEntry(this.audit, context, entry, 'write', true)
    try {
      await this.audit.flushed(this.ended)
    } catch (error) {
      if (!(error instanceof AuditUnavailableError)) throw error
      context.log.error({ err: error }, 'a write was refused: the audit log cannot be written')
      throw new FailureError(auditUnavailable())
    }
  }
}

/** The audit log cannot be written: no write is sent. */
export function auditUnavailable() {
  return serviceFailure(
    'AuditUnavailable',
    'The audit log cannot be written: no write command is run.',
  )
}
