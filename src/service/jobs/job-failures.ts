import { serviceFailure } from '../../envelope/service-failure.js'

/** Redis, which holds the jobs, cannot be reached. */
export function jobsUnavailable() {
  return serviceFailure('JobsUnavailable', 'Redis, which holds the jobs, is unavailable.')
}

/** The caller has no job with that id. */
export function unknownJob() {
  return serviceFailure('UnknownJob', 'There is no such job: it is unknown or was forgotten.')
}

/** The caller has as many running jobs as it may have. */
export function tooManyJobs() {
  return serviceFailure('TooManyJobs', 'Too many jobs of this API key are running.')
}
