import { pino, type Logger } from 'pino'

/** What the log tells of an error: what it is and where, never what else it carries (requests, keys, answers). */
export interface LoggedError {
  type: string
  message: string
  stack: string | undefined
  code?: string
  cause?: LoggedError
  /** Of an error that stands for several. */
  errors?: LoggedError[]
}

/** Describes an error for the log. */
export function describeError(error: unknown): LoggedError {
  if (!(error instanceof Error)) {
    return { type: typeof error, message: 'what was thrown is no error', stack: undefined }
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

/** The log of a process, on standard output: one JSON object a line. */
export function createLogger(level: string): Logger {
  return pino({ level, serializers: { err: describeError } })
}
