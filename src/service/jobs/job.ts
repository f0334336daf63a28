import type { CommandResponse, Envelope } from '../../envelope/envelope.js'

/** How far a job has come. */
export interface JobProgress {
  /** Inputs that are done. A command that makes one call counts as one input. */
  done: number
  total: number
  /** When all of them will be done, in milliseconds since 1970: an estimate. */
  estimatedEnd: number
  /** Whether its caller cancelled it: what was sent is finished, the rest is not sent. */
  cancelled: boolean
}

/** A command that runs, or ran, without its client waiting for it. */
export interface Job {
  /** Random, so that it cannot be guessed. */
  readonly id: string
  /** Whose it is: the name of the API key that made it, empty where the service asks for none. */
  readonly owner: string
  readonly command: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** `meta` as far as it is known when the command starts. */
  readonly meta: Envelope['meta']
  progress: JobProgress
  /** When it was finished, in milliseconds since 1970. */
  finishedAt?: number
  /** The answer to the command, once it is finished. */
  answer?: CommandResponse
  /** True when the process that ran it is gone: it will never have an answer. */
  lost?: true
}
