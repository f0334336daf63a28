import { modelledError } from '../errors.js'
import type { Call } from '../state/call.js'
import type { Trail, World } from '../state/world.js'
import { partitionOf } from './regions.js'

/** The sandbox's one organization: the default account manages it, and it has one member. */
export const MANAGEMENT_ACCOUNT = '111122223333'
/** The member account of the organization. */
export const MEMBER_ACCOUNT = '444455556666'

/**
 * Checks that an account may make a trail an organization trail, or change one.
 *
 * @throws AwsError `NotOrganizationMasterAccountException` for the member account,
 * `OrganizationsNotInUseException` for accounts outside the organization
 */
export function checkManagesOrganization(accountId: string): void {
  if (accountId === MANAGEMENT_ACCOUNT) return
  if (accountId === MEMBER_ACCOUNT) {
    throw modelledError(
      'NotOrganizationMasterAccountException',
      'The request could not be completed because the account is not the management account of the organization.',
    )
  }
  throw modelledError(
    'OrganizationsNotInUseException',
    'The request could not be completed because the account is not a member of an organization.',
  )
}

/**
 * All trails of the caller's account and organization, wherever their home. Partitions do not mix: a
 * call in a China or GovCloud region finds no trails of `aws`, not even the shadows of multi-region ones.
 */
export function trailsOf({ world, account, region }: Call): Trail[] {
  const trails = [...account.trails.values()]
  if (account.accountId === MEMBER_ACCOUNT) trails.push(...organizationTrails(world))
  const partition = partitionOf(region)
  return trails.filter(({ settings }) => partitionOf(settings.HomeRegion) === partition)
}

function organizationTrails(world: World): Trail[] {
  return [...world.account(MANAGEMENT_ACCOUNT).trails.values()].filter(
    ({ settings }) => settings.IsOrganizationTrail,
  )
}
