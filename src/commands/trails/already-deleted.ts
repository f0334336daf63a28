import type { Static } from '@sinclair/typebox'
import type { CloudTrail } from '../../cloudtrail/cloudtrail.js'
import { FailureError } from '../../envelope/failure.js'
import { trailsOf, withHomeHint } from '../home-region.js'
import type { TrailDone } from '../send-write.js'
import type { TrailNameData } from './trail-data.js'
import { trailReference } from './trail-reference.js'

const NOT_THERE = 'TrailNotFoundException'

const NOTE =
  'The trail does not exist. An earlier attempt, whose response was lost, deleted it, or it did not exist before.'

/**
 * Decides whether a DeleteTrail that failed has deleted its trail: when an earlier attempt may have been carried out,
 * and AWS now knows no such trail, neither here nor, for a name, in another region.
 *
 * @throws {FailureError} the failure itself otherwise
 */
export async function alreadyDeleted(
  error: unknown,
  trail: string,
  home: CloudTrail,
): Promise<TrailDone<Static<typeof TrailNameData>>> {
  if (!(error instanceof FailureError && error.mayBeDone && error.failure.code === NOT_THERE)) {
    throw error
  }
  if (!(await isGone(trail, home))) throw error
  // without List Trails, a trail of that name may be in another region
  if (!trail.startsWith('arn:') && (await trailsOf(home)) === undefined) throw error
  const { failure } = error
  // a name that is unknown here, and known elsewhere, was never deleted
  const hinted = await withHomeHint(failure, trail, home)
  if (hinted !== failure) throw error
  return { data: trailReference(trail), body: {}, recovered: NOTE }
}

async function isGone(trail: string, home: CloudTrail): Promise<boolean> {
  try {
    await home.send('GetTrail', { Name: trail })
    return false
  } catch (error) {
    return error instanceof FailureError && error.failure.code === NOT_THERE
  }
}
