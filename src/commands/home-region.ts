import type { TrailInfo } from '@aws-sdk/client-cloudtrail'
import type { CloudTrail } from '../cloudtrail/cloudtrail.js'
import { FailureError, type Failure } from '../envelope/failure.js'
import { pagesOf } from '../cloudtrail/pages.js'
import { parseTrailArn } from '../aws/trail-name.js'
import { partitionOfRegion } from '../aws/partitions.js'

/** Errors of AWS behind which another home region, or another account, may stand. */
const MISPLACED = new Set(['TrailNotFoundException', 'InvalidHomeRegionException'])

/**
 * The trails of each command that asked for them, by its CloudTrail in the region of the connection: one List Trails a
 * command, however many names it did not know in however many regions.
 */
const knownTrails = new WeakMap<CloudTrail, Promise<TrailInfo[] | undefined>>()

/**
 * The region that a trail's ARN names, since a trail can be changed only there. A name, and the ARN of another
 * partition (which AWS refuses in its own words), stay where the connection is.
 */
export function homeRegionOf(trail: string, { connection: { region } }: CloudTrail): string {
  const arn = parseTrailArn(trail)
  if (!arn || partitionOfRegion(arn.region) !== arn.partition) return region
  return arn.partition === (partitionOfRegion(region) ?? 'aws') ? arn.region : region
}

/**
 * CloudTrail in the home region of a trail.
 *
 * @throws {FailureError} when the connection does not reach the region
 */
export function homeOf(trail: string, cloudTrail: CloudTrail): CloudTrail {
  return cloudTrail.in(homeRegionOf(trail, cloudTrail))
}

/**
 * The failure of a bare name, with the trail's home in its hint where List Trails knows a trail of that name: it lists
 * those of every region, and those of the organization.
 */
export async function withHomeHint(
  failure: Failure,
  trail: string,
  cloudTrail: CloudTrail,
): Promise<Failure> {
  if (!MISPLACED.has(failure.code) || trail.startsWith('arn:')) return failure
  const namesakes = ((await trailsOf(cloudTrail)) ?? []).filter(({ Name }) => Name === trail)
  const hints = namesakes.flatMap((found) => hintOf(found, failure, cloudTrail) ?? [])
  return hints.length === 0 ? failure : { ...failure, hint: hints.join(' ') }
}

/** What is to be known of a trail that has the name asked for. */
function hintOf(found: TrailInfo, failure: Failure, cloudTrail: CloudTrail): string | undefined {
  const { TrailARN: arn = '', HomeRegion: home, Name: name } = found
  const { region } = cloudTrail.connection
  const account = cloudTrail.accountId ?? /for the user: (\d{12})/.exec(failure.message)?.[1]
  const owner = parseTrailArn(arn)?.accountId
  if (owner !== undefined && account !== undefined && owner !== account) {
    return `${name} is an organization trail of the account ${owner}: read it by its ARN ${arn}; only that account, or a delegated administrator, can change it.`
  }
  if (home === undefined || home === region) return undefined
  return `The home of ${name} is ${home}; what ${region} may show of it is a shadow trail. Give its ARN ${arn}, or use a connection to ${home}.`
}

/** The trails that List Trails knows; `undefined` when it could not be read to its end. */
export function trailsOf(cloudTrail: CloudTrail): Promise<TrailInfo[] | undefined> {
  const { origin } = cloudTrail
  const asked = knownTrails.get(origin) ?? listTrails(origin)
  knownTrails.set(origin, asked)
  return asked
}

async function listTrails(cloudTrail: CloudTrail): Promise<TrailInfo[] | undefined> {
  const trails: TrailInfo[] = []
  try {
    const ask = (token?: string) => cloudTrail.send('ListTrails', { NextToken: token })
    for await (const page of pagesOf(ask)) trails.push(...(page.output.Trails ?? []))
  } catch (error) {
    if (!(error instanceof FailureError)) throw error
    return undefined
  }
  return trails
}
