import type { StartLoggingCommandInput, StopLoggingCommandInput } from '@aws-sdk/client-cloudtrail'
import { StartLogging$, StopLogging$ } from '@aws-sdk/client-cloudtrail'

import { findTrailToChange } from '../rules/find-trail.js'
import { operation } from './operation.js'

/** StartLogging: a trail that logs already continues, and keeps its start time. */
export const startLogging = operation(StartLogging$, (input: StartLoggingCommandInput, call) => {
  const trail = findTrailToChange(call, input.Name)
  if (!trail.isLogging) {
    trail.isLogging = true
    trail.startedAt = call.now
  }
  return {}
})

/** StopLogging: a trail that does not log stays so, and keeps its stop time. */
export const stopLogging = operation(StopLogging$, (input: StopLoggingCommandInput, call) => {
  const trail = findTrailToChange(call, input.Name)
  if (trail.isLogging) {
    trail.isLogging = false
    trail.stoppedAt = call.now
  }
  return {}
})
