import { pino, type BaseLogger, type Logger as PinoLogger } from 'pino'

/** What every part of the service needs of a logger. */
export type Logger = Pick<BaseLogger, 'info' | 'warn' | 'error'>

/** An error as the log shows it: its type and origin, and nothing else that it carries (requests, keys, responses). */
export interface LoggedError {
  type: string
  message: string
  stack: string | undefined
  code?: string
  cause?: LoggedError
  /** The members of an AggregateError. */
  errors?: LoggedError[]
}

/** Describes an error for the log. */
export function describeError(error: unknown): LoggedError {
  if (!(error instanceof Error)) {
    return { type: typeof error, message: 'the thrown value is not an Error', stack: undefined }
  }
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...(typeof code === 'string' && { code }),
    ...(cause instanceof Error && { cause: describeError(cause) }),
    ...(error instanceof AggregateError && { errors: error.errors.map(describeError) }),
  }
}

/** The log of a process, one JSON object per line. */
export function createLogger(level: string, write: (line: string) => void): PinoLogger {
  return pino({ level, serializers: { err: describeError } }, { write })
}
