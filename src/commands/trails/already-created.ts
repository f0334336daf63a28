import type { CreateTrailCommandInput, Tag, Trail } from '@aws-sdk/client-cloudtrail'
import type { CloudTrail } from '../../cloudtrail/cloudtrail.js'
import { FailureError } from '../../envelope/failure.js'
import type { WireBody } from '../../cloudtrail/wire-response.js'
import type { TrailResult } from '../run-per-trail.js'
import { toData } from '../to-data.js'
import { trailDifferences } from './trail-differences.js'

const NOTE =
  'The trail is there with the settings that were asked for: an earlier attempt, whose answer was lost, created it, or it had been there before.'

/** What a read shows of a trail. */
interface Found {
  trail: Trail
  body: WireBody
  tags: Tag[]
}

/**
 * What a CreateTrail that failed means: when an earlier attempt at it may have been carried out, and AWS now knows the
 * trail already, with the very settings that were asked for, it is created.
 *
 * @throws {FailureError} the failure itself, when it is one; with what differs in its hint
 */
export async function alreadyCreated(
  error: unknown,
  asked: CreateTrailCommandInput,
  cloudTrail: CloudTrail,
): Promise<TrailResult> {
  if (!(error instanceof FailureError && error.mayBeDone)) throw error
  if (error.failure.code !== 'TrailAlreadyExistsException') throw error
  const found = await read(asked, cloudTrail)
  if (!found) {
    throw withHint(error, 'It could not be read to see (Get Trails): compare it yourself.')
  }
  const differences = trailDifferences(asked, found.trail, found.tags)
  if (differences.length > 0) {
    throw withHint(
      error,
      `It differs from what was asked for in ${differences.join(', ')}: Update Trails changes it.`,
    )
  }
  return { data: toData(found.trail), body: found.body, recovered: NOTE }
}

/** The trail, and its tags where some were asked for; nothing when it cannot be read. */
async function read(
  asked: CreateTrailCommandInput,
  cloudTrail: CloudTrail,
): Promise<Found | undefined> {
  try {
    const { output, body } = await cloudTrail.send('GetTrail', { Name: asked.Name })
    const { Trail: trail } = output
    if (trail?.TrailARN === undefined) return undefined
    const tags: Tag[] = []
    if (asked.TagsList) {
      const listed = await cloudTrail.send('ListTags', { ResourceIdList: [trail.TrailARN] })
      tags.push(...(listed.output.ResourceTagList?.[0]?.TagsList ?? []))
    }
    return { trail, body: body.Trail as WireBody, tags }
  } catch (error) {
    if (error instanceof FailureError) return undefined
    throw error
  }
}

function withHint({ failure }: FailureError, what: string): FailureError {
  const hint = `The answer to an earlier attempt was lost, so that the trail may be the one that was asked for. ${what}`
  return new FailureError({ ...failure, hint })
}
