import type { CommandResponse } from '../../envelope/envelope.js'
import type { JobProgress } from './job.js'

/** How many inputs of a finished job are done: all but those that were cancelled, or that a defect kept from running. */
export function doneInputs({ done, total }: JobProgress, { envelope }: CommandResponse): number {
  const { errors } = envelope
  if (errors.some(({ code }) => code === 'InternalError')) return done
  return Math.max(0, total - errors.filter(({ code }) => code === 'Cancelled').length)
}
