import type {
  DescribeTrailsCommandInput,
  GetTrailCommandInput,
  ListTrailsCommandInput,
  Trail as TrailDescription,
} from '@aws-sdk/client-cloudtrail'
import { DescribeTrails$, GetTrail$, ListTrails$ } from '@aws-sdk/client-cloudtrail'

import { commonError } from '../errors.js'
import { seenTrail, trailNotFound } from '../rules/find-trail.js'
import { trailsOf } from '../rules/organization.js'
import type { Trail } from '../state/world.js'
import { checkTrailName } from '../rules/trail-name.js'
import { operation } from './operation.js'

/**
 * DescribeTrails: the requested trails, or all trails and shadows of the region, in the order of their
 * names. Unknown names are left out without an error.
 */
export const describeTrails = operation(
  DescribeTrails$,
  (input: DescribeTrailsCommandInput, call) => {
    const asked = input.trailNameList ?? []
    const withShadows = input.includeShadowTrails ?? true
    const found =
      asked.length === 0
        ? trailsOf(call)
        : asked.map((nameOrArn) => {
            if (!nameOrArn.startsWith('arn:')) checkTrailName(nameOrArn)
            return seenTrail(call, nameOrArn)
          })
    const trailList = [...new Set(found)]
      .filter((trail) => trail !== undefined)
      .filter(({ settings: { TrailARN, HomeRegion, IsMultiRegionTrail } }) => {
        // in a member account, an organization trail is a shadow wherever its home is
        const isShadow = HomeRegion !== call.region || !call.account.trails.has(TrailARN)
        return !isShadow || (withShadows && (IsMultiRegionTrail || HomeRegion === call.region))
      })
      .map(describe)
      .sort((a, b) => compare(a.Name, b.Name))
    return { trailList }
  },
)

/** GetTrail: one trail. The error for an unknown trail shows its name, also for a request by ARN. */
export const getTrail = operation(GetTrail$, (input: GetTrailCommandInput, call) => {
  const asked = input.Name ?? ''
  if (!asked.startsWith('arn:')) checkTrailName(asked)
  const trail = seenTrail(call, asked)
  if (trail === undefined) throw trailNotFound(call, asked.slice(asked.lastIndexOf('/') + 1))
  return { Trail: describe(trail) }
})

/** The page size of ListTrails. AWS does not publish its own. */
const PAGE = 100

/** ListTrails: the trails of the account in all regions of the partition, each once. */
export const listTrails = operation(ListTrails$, (input: ListTrailsCommandInput, call) => {
  const from = readToken(input.NextToken)
  const all = trailsOf(call)
    .map(({ settings: { TrailARN, Name, HomeRegion } }) => ({ TrailARN, Name, HomeRegion }))
    .sort((a, b) => compare(a.TrailARN, b.TrailARN))
  const end = from + PAGE
  return {
    Trails: all.slice(from, end),
    NextToken: end < all.length ? Buffer.from(`trails:${end}`).toString('base64url') : undefined,
  }
})

function readToken(token: string | undefined): number {
  if (token === undefined) return 0
  const [, position] = /^trails:(\d{1,6})$/.exec(Buffer.from(token, 'base64url').toString()) ?? []
  if (position === undefined) throw commonError('ValidationException', 'Invalid NextToken.')
  return Number(position)
}

function describe(trail: Trail): TrailDescription {
  return {
    ...trail.settings,
    HasCustomEventSelectors:
      trail.eventSelectors !== undefined || trail.advancedEventSelectors !== undefined,
    HasInsightSelectors: trail.insightSelectors.length > 0,
  }
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0
}
