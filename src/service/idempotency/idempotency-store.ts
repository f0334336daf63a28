import type { CommandResponse } from '../../envelope/envelope.js'

/** How long an answer is kept, in milliseconds: a day. */
export const KEPT_MS = 86_400_000

/** A command that is run under an idempotency key. */
export interface KeyedRun {
  /** The key, as a digest with whose it is. */
  key: string
  /** Whose it is. */
  owner: string
  /** What is asked for, as a digest: the same key with another one is a mistake. */
  fingerprint: string
  /** Random; of a job its id. */
  id: string
  isJob: boolean
}

/** What a key stands for when it is asked for. */
export type Claim =
  /**
   * For nothing: the run that asked is to go ahead. `isRepeat` says that an earlier run began and was never heard of
   * again, so that what is to be done may have been done.
   */
  | { state: 'claimed'; isRepeat: boolean }
  /** For a run that goes on. */
  | { state: 'running'; jobId: string | undefined }
  /** For an answer. */
  | { state: 'answered'; answer: CommandResponse; jobId: string | undefined }
  /** For something else than what is asked for now. */
  | { state: 'other' }

/**
 * Where idempotency keys are kept, with what they stand for.
 *
 * Every method but `holds` and `close` may reject, when what it asks cannot be reached.
 */
export interface IdempotencyStore {
  /**
   * Takes a key for a run, unless it stands for something already.
   *
   * @param ended ends the waiting; a key that is given later is given back
   */
  claim(run: KeyedRun, ended: AbortSignal): Promise<Claim>
  /** Keeps the answer of a run for {@link KEPT_MS}. */
  keep(run: KeyedRun, answer: CommandResponse): Promise<void>
  /**
   * Frees the key of a run.
   *
   * @param mayBeDone whether the next run is to know that there was one
   */
  release(run: KeyedRun, mayBeDone: boolean): Promise<void>
  /**
   * Whether the key is this run's for certain, and for long enough to make a change: another may have it when nothing was
   * heard of this one for a while.
   */
  holds(run: KeyedRun): boolean
  /** Ends, and leaves nothing running. */
  close(): Promise<void>
}
