import { setMaxListeners } from 'node:events'
import type { CallTrace } from './call-trace.js'

/** The cost of one command's calls so far; `meta` of the response. */
export interface CallCounters {
  /** Requests sent to AWS, retries and pages included. */
  apiCalls: number
  /** Those of them that AWS throttled. */
  throttled: number
  /** Time spent waiting for the quota, in milliseconds, summed over the calls. */
  queuedMs: number
  /** Reads that got the response of another caller's identical read. */
  shared: number
}

/** The writes that a command made, or may have made. */
export interface CommandChanges {
  /** Whether AWS carried out a write, or may have. */
  mayBeMade: boolean
  /** Whether the same writes may have been made before this command began, by a run that never returned a response. */
  mayBeRepeated: boolean
}

/** The caller, deadline and counters of one command's calls. */
export interface CallContext {
  /** The caller among whom the quota is shared fairly: the name of the API key, or the address of the client. */
  readonly caller: string
  /** The request id of the command. */
  readonly command: string
  /** The command's deadline, on the clock of `performance.now()`, in milliseconds. */
  readonly deadline: number
  /** Aborts when the client disconnects. */
  readonly disconnected: AbortSignal
  /** Aborts at the deadline. */
  readonly timeUp: AbortSignal
  /** Aborts at the first of both. */
  readonly ended: AbortSignal
  /** The job that follows the command, where there is one. */
  readonly follower: Follower | undefined
  readonly counters: CallCounters
  readonly changes: CommandChanges
  /** Whether the caller may still write: its key may have been revoked since the command began. */
  readonly isAllowed: () => boolean
  /** Logs an exception that is a defect of the service. */
  readonly onDefect: (error: unknown) => void
  /** Whether the command's idempotency key is its own for certain; set where it has one. */
  holdsKey?: () => boolean
  /** The command's intent to write, which is recorded before its first write; set where it may write. */
  intent?: Intent
  /** The trails that the command works on, where it works on each by itself. */
  inputs?: readonly string[]
  /** AWS's request ids of the calls that succeeded. */
  readonly awsRequestIds: string[]
  /** The command's spans, where traces are sent; set when the command starts to run. */
  trace?: CallTrace
}

/** Follows a command while it runs. The command does not depend on it. */
export interface Follower {
  /** Aborts when the command is cancelled: sent calls continue, the rest is left. */
  readonly cancelled: AbortSignal
  /** Receives the number of inputs that are done, and of all. */
  onProgress(done: number, total: number): void
}

/** The intent of a command to write. */
export interface Intent {
  /** The id of its record; `undefined` while there is none. */
  readonly id: string | undefined
  /**
   * Records it, the first time, and waits until the record is written.
   *
   * @throws {FailureError} when it cannot be recorded
   */
  declare(inputs: readonly string[] | undefined): Promise<void>
}

/** The caller of a command. */
export interface Caller {
  /** The name of the API key, or the address of the client. */
  name: string
  isAllowed: () => boolean
  /** Logs an exception that is a defect of the service, with the request's id. */
  onDefect: (error: unknown) => void
}

/**
 * Starts the clock of one command.
 *
 * @param deadlineMs the command's deadline, in milliseconds from now
 * @param follower receives the progress, and may cancel
 */
export function startCallContext(
  { name: caller, isAllowed, onDefect }: Caller,
  command: string,
  deadlineMs: number,
  disconnected: AbortSignal,
  follower?: Follower,
): CallContext {
  const timeUp = AbortSignal.timeout(deadlineMs)
  const ended = AbortSignal.any([disconnected, timeUp])
  // every trail of a command adds a listener, and a command has up to a hundred
  setMaxListeners(0, timeUp, ended)
  return {
    caller,
    command,
    deadline: performance.now() + deadlineMs,
    disconnected,
    timeUp,
    ended,
    follower,
    counters: { apiCalls: 0, throttled: 0, queuedMs: 0, shared: 0 },
    changes: { mayBeMade: false, mayBeRepeated: false },
    isAllowed,
    onDefect,
    awsRequestIds: [],
  }
}

/**
 * Aborts when the command ends, and when it is cancelled before anything was sent for this call of it.
 *
 * @param sent whether something was sent
 */
export function callSignal({ ended, follower }: CallContext, sent: () => boolean): AbortSignal {
  if (!follower) return ended
  const { cancelled } = follower
  const left = new AbortController()
  const leave = () => {
    if (!sent()) left.abort(cancelled.reason)
  }
  cancelled.addEventListener('abort', leave, { once: true })
  return AbortSignal.any([ended, left.signal])
}
