import type { Call } from '../state/call.js'
import type { AwsError } from '../errors.js'
import { modelledError } from '../errors.js'
import { trailsOf } from './organization.js'
import { partitionOf } from './regions.js'
import type { Trail } from '../state/world.js'
import { checkTrailName } from './trail-name.js'

/** The parts of a trail's ARN. */
export interface TrailArn {
  partition: string
  region: string
  accountId: string
  name: string
}

const TRAIL_ARN = /^arn:(aws[a-z-]*):cloudtrail:([a-z0-9-]+):(\d{12}):trail\/(.+)$/

/** The ARN of a trail of this name in the account and region of a call. */
export function trailArn(call: Call, name: string): string {
  const { region, account } = call
  return `arn:${partitionOf(region)}:cloudtrail:${region}:${account.accountId}:trail/${name}`
}

/**
 * Parses the ARN of a trail.
 *
 * @throws AwsError `CloudTrailARNInvalidException` when it is no ARN of a trail
 */
export function parseTrailArn(arn: string): TrailArn {
  const [, partition, region, accountId, name] = TRAIL_ARN.exec(arn) ?? []
  if (
    partition === undefined ||
    region === undefined ||
    accountId === undefined ||
    name === undefined ||
    partition !== partitionOf(region)
  ) {
    throw invalidArn(arn)
  }
  checkTrailName(name)
  return { partition, region, accountId, name }
}

/** The error for a text that is not the ARN of a trail. */
export function invalidArn(arn: string): AwsError {
  return modelledError('CloudTrailARNInvalidException', `The ARN ${arn} is invalid.`)
}

/** The error for an ARN of another account. */
export function wrongAccount(call: Call): AwsError {
  return modelledError(
    'CloudTrailARNInvalidException',
    `AccountID in ARN is wrong, you can only access resources with AccountID ${call.account.accountId}.`,
  )
}

/** The error for an ARN of a region from which the resource cannot be called. */
export function wrongRegion(call: Call): AwsError {
  return modelledError(
    'CloudTrailARNInvalidException',
    `Region in ARN is wrong, you can only access resources in region ${call.region}.`,
  )
}

/** The error for a trail that does not exist; most operations show a name as the ARN it would have. */
export function trailNotFound(call: Call, shown: string): AwsError {
  return modelledError(
    'TrailNotFoundException',
    `Unknown trail: ${shown} for the user: ${call.account.accountId}`,
  )
}

/**
 * Finds the trail of a name or ARN for reading. A name means a trail whose home is the region of the
 * call; a trail of another home region is found by its ARN if it has a shadow in the call's region.
 *
 * @throws AwsError the errors of AWS for blank, invalid, foreign and unknown names and ARNs
 */
export function findTrail(call: Call, nameOrArn: string | undefined): Trail {
  const asked = nameOrArn ?? ''
  if (!asked.startsWith('arn:')) checkTrailName(asked)
  const trail = seenTrail(call, asked)
  if (trail !== undefined) return trail
  throw trailNotFound(call, asked.startsWith('arn:') ? asked : trailArn(call, asked))
}

/**
 * As {@link findTrail}, but `undefined` for a trail that does not exist; the name is not checked.
 *
 * @throws AwsError `CloudTrailARNInvalidException` for ARNs that are malformed, or of another account or region
 */
export function seenTrail(call: Call, nameOrArn: string): Trail | undefined {
  if (!nameOrArn.startsWith('arn:')) return call.account.trails.get(trailArn(call, nameOrArn))
  const arn = parseTrailArn(nameOrArn)
  const trail = trailsOf(call).find(({ settings }) => settings.TrailARN === nameOrArn)
  if (trail === undefined && arn.accountId !== call.account.accountId) throw wrongAccount(call)
  if (arn.region !== call.region && trail?.settings.IsMultiRegionTrail !== true) {
    throw wrongRegion(call)
  }
  return trail
}

/**
 * Finds the trail of a name or ARN for a change.
 *
 * @throws AwsError as {@link findTrail}, `InvalidHomeRegionException` when the call reaches the shadow of a
 * trail, `NotOrganizationMasterAccountException` for the organization's trail in a member account
 */
export function findTrailToChange(call: Call, nameOrArn: string | undefined): Trail {
  const trail = findTrail(call, nameOrArn)
  const { TrailARN, HomeRegion } = trail.settings
  if (!call.account.trails.has(TrailARN)) {
    throw modelledError(
      'NotOrganizationMasterAccountException',
      'Only the management account of the organization can change an organization trail.',
    )
  }
  if (HomeRegion !== call.region) {
    throw modelledError(
      'InvalidHomeRegionException',
      `Trail ${TrailARN} can only be changed in its home region ${HomeRegion}.`,
    )
  }
  return trail
}
