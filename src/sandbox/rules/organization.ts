import { modelledError } from '../errors.js'
import type { Account, Trail, World } from '../state/world.js'

/** The sandbox's one organization: the default account manages it, and it has one member. */
export const MANAGEMENT_ACCOUNT = '111122223333'
/** The account that belongs to the organization without managing it. */
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

/** All trails that an account sees, wherever their home: its own, and its organization's. */
export function trailsOf(world: World, account: Account): Trail[] {
  const own = [...account.trails.values()]
  if (account.accountId !== MEMBER_ACCOUNT) return own
  const organizationTrails = [...world.account(MANAGEMENT_ACCOUNT).trails.values()].filter(
    (trail) => trail.settings.IsOrganizationTrail,
  )
  return [...own, ...organizationTrails]
}
