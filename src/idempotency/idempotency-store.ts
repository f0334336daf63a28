import type { Answer } from '../http/envelope.js'

/** How long an answer is kept, in milliseconds: a day. */
export const KEPT_MS = 86_400_000

/** A command that is run under an idempotency key. */
export interface KeyedRun {
  /** The key, as a digest with whose it is. */
  key: string
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
  | { state: 'answered'; answer: Answer; jobId: string | undefined }
  /** For something else than what is asked for now. */
  | { state: 'other' }

/**
 * Where idempotency keys are kept, with what they stand for.
 *
 * Every method but `close` may reject, when what it asks cannot be reached.
 */
export interface IdempotencyStore {
  /** Takes a key for a run, unless it stands for something already. */
  claim(run: KeyedRun): Promise<Claim>
  /** Keeps the answer of a run for {@link KEPT_MS}. */
  keep(run: KeyedRun, answer: Answer): Promise<void>
  /**
   * Frees the key of a run.
   *
   * @param mayBeDone whether the next run is to know that there was one
   */
  release(run: KeyedRun, mayBeDone: boolean): Promise<void>
  /** Ends, and leaves nothing running. */
  close(): Promise<void>
}
