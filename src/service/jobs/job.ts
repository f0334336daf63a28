import type { CommandResponse, Envelope } from '../../envelope/envelope.js'

/** The progress of a job. */
export interface JobProgress {
  /**
   * Inputs that are done: they have an outcome, successful or failed. An input that was cancelled before it was sent is not
   * done. A command that makes one call counts as one input.
   */
  done: number
  total: number
  /** When all inputs will be done, in milliseconds since 1970: an estimate. */
  estimatedEnd: number
  /** Whether its owner cancelled it: requests already sent are finished, the rest is not sent. */
  cancelled: boolean
}

/** A command that runs, or ran, while no client waits for it. */
export interface Job {
  /** Random, so that it cannot be guessed. */
  readonly id: string
  /** The name of the API key that started it, empty where none is required. */
  readonly owner: string
  readonly command: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** `meta` as far as it is known when the command starts. */
  readonly meta: Envelope['meta']
  progress: JobProgress
  /** When it was finished, in milliseconds since 1970. */
  finishedAt?: number
  /** The command's response, once it is finished. */
  response?: CommandResponse
  /** True when the process that ran it is gone: it will never have a response. */
  lost?: true
}
