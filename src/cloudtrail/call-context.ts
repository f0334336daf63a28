import { setMaxListeners } from 'node:events'
import type { CommandTrace } from '../tracing/command-trace.js'

/** What one command's calls have cost so far; `meta` of the answer. */
export interface CallCounters {
  /** Requests made of AWS, retries and pages included. */
  apiCalls: number
  /** Those of them that AWS throttled. */
  throttled: number
  /** Time spent waiting for the quota, in milliseconds, added up over the calls. */
  queuedMs: number
  /** Reads whose answer another caller's identical read brought. */
  shared: number
}

/** What a command did, or may have done, to trails. */
export interface CommandChanges {
  /** Whether AWS carried out a change, or may have. */
  mayBeMade: boolean
  /** Whether the same changes may have been made before this command began, by a run that was never answered. */
  mayBeRepeated: boolean
}

/** For whom, and how long, one command may call CloudTrail. */
export interface CallContext {
  /** Who takes turns at the quota: the name of the API key, or the address of the client. */
  readonly caller: string
  /** The request id of the command. */
  readonly command: string
  /** When the command's time is up, on the clock of `performance.now()`, in milliseconds. */
  readonly deadline: number
  /** Aborts when the client hangs up. */
  readonly disconnected: AbortSignal
  /** Aborts at the deadline. */
  readonly timeUp: AbortSignal
  /** Aborts at the first of both. */
  readonly ended: AbortSignal
  /** Who follows the command, where somebody does. */
  readonly follower: Follower | undefined
  readonly counters: CallCounters
  readonly changes: CommandChanges
  /** Whether the caller may still make changes: its key may have been withdrawn since the command began. */
  readonly isAllowed: () => boolean
  /** Logs an exception that is a defect of the service. */
  readonly onDefect: (error: unknown) => void
  /** Whether the command's idempotency key is its own for certain; set where it has one. */
  holdsKey?: () => boolean
  /** AWS's ids of the calls that it answered well. */
  readonly awsRequestIds: string[]
  /** The command's spans, where traces are sent; set when the command starts to run. */
  trace?: CommandTrace
}

/** Who follows a command while it runs. The command does not depend on being followed. */
export interface Follower {
  /** Aborts when no more of the command is wanted: what was sent goes on, the rest is left. */
  readonly cancelled: AbortSignal
  /** Told of the inputs that are done, out of how many. */
  onProgress(done: number, total: number): void
}

/** Whose command it is. */
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
 * @param deadlineMs the command's time in all, in milliseconds
 * @param follower who is told of the progress, and may cancel
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
  // every trail of a command listens, and a command has up to a hundred
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
