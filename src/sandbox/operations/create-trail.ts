import type { CreateTrailCommandInput } from '@aws-sdk/client-cloudtrail'
import { CreateTrail$ } from '@aws-sdk/client-cloudtrail'

import type { Call } from '../state/call.js'
import { modelledError } from '../errors.js'
import { trailArn } from '../rules/find-trail.js'
import { checkManagesOrganization, trailsOf } from '../rules/organization.js'
import type { Trail } from '../state/world.js'
import { checkNewTags } from '../rules/tags.js'
import { checkTrailName } from '../rules/trail-name.js'
import { applySettings, checkGlobalEvents } from '../rules/trail-settings.js'
import { operation } from './operation.js'
import { settingsResponse } from './settings-response.js'

/** "Quotas in AWS CloudTrail": trails per region, the shadows of multi-region trails included. */
const TRAILS_PER_REGION = 5

/** CreateTrail: a new trail with the region of the call as its home. It does not log until StartLogging. */
export const createTrail = operation(CreateTrail$, (input: CreateTrailCommandInput, call) => {
  const name = input.Name ?? ''
  checkTrailName(name)
  const isMultiRegion = input.IsMultiRegionTrail ?? false
  checkGlobalEvents(isMultiRegion, input.IncludeGlobalServiceEvents ?? true)
  const tags = checkNewTags([], input.TagsList ?? [])
  checkRoom(call, name, isMultiRegion)
  if (input.IsOrganizationTrail === true) checkManagesOrganization(call.account.accountId)
  const trail: Trail = {
    settings: applySettings(call, input, {
      Name: name,
      S3BucketName: '',
      IncludeGlobalServiceEvents: true,
      IsMultiRegionTrail: false,
      HomeRegion: call.region,
      TrailARN: trailArn(call, name),
      LogFileValidationEnabled: false,
      IsOrganizationTrail: false,
      RecursiveLogging: true,
    }),
    isLogging: false,
    insightSelectors: [],
    tags,
  }
  call.account.trails.set(trail.settings.TrailARN, trail)
  return settingsResponse(trail.settings)
})

/**
 * Checks that the trail's name is free and that there is room for one more: in the region of the call
 * and, for a multi-region trail, in every region where it will have a shadow.
 */
function checkRoom(call: Call, name: string, isMultiRegion: boolean): void {
  const seen = trailsOf(call).map(({ settings }) => settings)
  const regions = new Set([call.region, ...seen.map(({ HomeRegion }) => HomeRegion)])
  for (const region of isMultiRegion ? regions : [call.region]) {
    const here = seen.filter(
      ({ HomeRegion, IsMultiRegionTrail }) => HomeRegion === region || IsMultiRegionTrail,
    )
    if (here.some(({ Name }) => Name === name)) throw alreadyExists(call, name)
    if (here.length >= TRAILS_PER_REGION) {
      throw modelledError(
        'MaximumNumberOfTrailsExceededException',
        `User: ${call.account.accountId} already has ${here.length} trails in ${region}.`,
      )
    }
  }
}

function alreadyExists(call: Call, name: string) {
  return modelledError(
    'TrailAlreadyExistsException',
    `Trail ${name} already exists for customer: ${call.account.accountId}`,
  )
}
