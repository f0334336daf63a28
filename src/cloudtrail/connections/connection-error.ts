import type { ConnectionFields } from './connection.js'

/** One field of a connection and the rule that it breaks. */
export interface ConnectionError {
  field: keyof ConnectionFields
  /** The rule, without the field: `must use https`. It may name other fields of the connection. */
  message: string
}

/** The fields of a connection break rules: every broken one at once. The message holds no value of a field. */
export class InvalidConnectionError extends Error {
  override name = 'InvalidConnectionError'
  constructor(readonly errors: readonly ConnectionError[]) {
    super(errors.map(({ field, message }) => `${field} ${message}`).join('; '))
  }
}

/**
 * The service cannot start with the connections that are configured. The message names the environment variable, or the
 * file, connection and field, and the rule; it holds no secret.
 */
export class ConnectionConfigError extends Error {
  override name = 'ConnectionConfigError'
}
