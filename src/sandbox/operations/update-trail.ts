import type { UpdateTrailCommandInput } from '@aws-sdk/client-cloudtrail'
import { UpdateTrail$ } from '@aws-sdk/client-cloudtrail'

import { findTrailToChange } from '../rules/find-trail.js'
import { checkManagesOrganization } from '../rules/organization.js'
import { applySettings, checkGlobalEvents } from '../rules/trail-settings.js'
import { operation } from './operation.js'
import { settingsResponse } from './settings-response.js'

/** UpdateTrail: changes the given settings and keeps the others. */
export const updateTrail = operation(UpdateTrail$, (input: UpdateTrailCommandInput, call) => {
  const trail = findTrailToChange(call, input.Name)
  const { settings } = trail
  checkGlobalEvents(
    input.IsMultiRegionTrail ?? settings.IsMultiRegionTrail,
    input.IncludeGlobalServiceEvents ?? settings.IncludeGlobalServiceEvents,
  )
  if (
    input.IsOrganizationTrail !== undefined &&
    input.IsOrganizationTrail !== settings.IsOrganizationTrail
  ) {
    checkManagesOrganization(call.account.accountId)
  }
  trail.settings = applySettings(call, input, settings)
  // AWS returns a removed topic as empty texts in this response, and leaves it out afterwards
  const clearedTopic = input.SnsTopicName === '' ? { SnsTopicName: '', SnsTopicARN: '' } : {}
  return { ...settingsResponse(trail.settings), ...clearedTopic }
})
