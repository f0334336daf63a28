import type { CloudTrail } from '../../cloudtrail/cloudtrail.js'
import { FailureError } from '../../envelope/failure.js'
import { trailsOf, withHomeHint } from '../home-region.js'
import type { TrailResult } from '../run-per-trail.js'
import { trailReference } from './trail-reference.js'

const NOT_THERE = 'TrailNotFoundException'

const NOTE =
  'The trail is not there. An earlier attempt, whose answer was lost, deleted it, or it had not been there before.'

/**
 * What a DeleteTrail that failed means: when an earlier attempt at it may have been carried out, and AWS now knows no
 * such trail, neither here nor, for a name, in another region, it is deleted.
 *
 * @throws {FailureError} the failure itself, when it is one
 */
export async function alreadyDeleted(
  error: unknown,
  trail: string,
  home: CloudTrail,
): Promise<TrailResult> {
  if (!(error instanceof FailureError && error.mayBeDone && error.failure.code === NOT_THERE)) {
    throw error
  }
  if (!(await isGone(trail, home))) throw error
  // where a trail of that name may be in another region is not known
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
