import type { DeleteTrailCommandInput } from '@aws-sdk/client-cloudtrail'
import { DeleteTrail$ } from '@aws-sdk/client-cloudtrail'

import { findTrailToChange } from '../rules/find-trail.js'
import { operation } from './operation.js'

/** DeleteTrail: the trail and its shadows are gone; a trail need not be stopped first. */
export const deleteTrail = operation(DeleteTrail$, (input: DeleteTrailCommandInput, call) => {
  const trail = findTrailToChange(call, input.Name)
  call.account.trails.delete(trail.settings.TrailARN)
  return {}
})
