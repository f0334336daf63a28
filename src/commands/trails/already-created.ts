import type { CreateTrailCommandInput, Tag, Trail } from '@aws-sdk/client-cloudtrail'
import type { Static } from '@sinclair/typebox'
import type { CloudTrail } from '../../cloudtrail/cloudtrail.js'
import { FailureError } from '../../envelope/failure.js'
import type { WireBody } from '../../cloudtrail/wire-body.js'
import type { TrailDone } from '../send-write.js'
import { trailData, type TrailData } from './trail-data.js'
import { trailDifferences } from './trail-differences.js'

const NOTE =
  'The trail exists with the settings of the request: an earlier attempt, whose response was lost, created it, or it existed before.'

/** A trail as it was read back. */
interface Found {
  trail: Trail
  body: WireBody
  tags: Tag[]
}

/**
 * Decides whether a CreateTrail that failed has created its trail: when an earlier attempt may have been carried out,
 * AWS now says that the trail exists, and its settings are those of the request.
 *
 * @throws {FailureError} the failure itself otherwise; its hint names the settings that differ
 */
export async function alreadyCreated(
  error: unknown,
  asked: CreateTrailCommandInput,
  cloudTrail: CloudTrail,
): Promise<TrailDone<Static<typeof TrailData>>> {
  if (!(error instanceof FailureError && error.mayBeDone)) throw error
  if (error.failure.code !== 'TrailAlreadyExistsException') throw error
  const found = await read(asked, cloudTrail)
  if (!found) {
    throw withHint(error, 'It could not be read: compare it with Get Trails.')
  }
  const differences = trailDifferences(asked, found.trail, found.tags)
  if (differences.length > 0) {
    throw withHint(
      error,
      `It differs from the request in ${differences.join(', ')}: Update Trails changes it.`,
    )
  }
  return { data: trailData(found.trail), body: found.body, recovered: NOTE }
}

/** Reads the trail, and its tags where the request has some; `undefined` when it cannot be read. */
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

function withHint({ failure }: FailureError, comparison: string): FailureError {
  const hint = `The response to an earlier attempt was lost, so the trail may be the one of the request. ${comparison}`
  return new FailureError({ ...failure, hint })
}
