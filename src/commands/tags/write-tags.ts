import { parseTrailArn, trailArnError } from '../../aws/trail-name.js'
import type { CloudTrail } from '../../cloudtrail/cloudtrail.js'
import type { Outcome } from '../../envelope/outcome.js'
import type { ValidationError } from '../../envelope/validation-error.js'
import { homeOf } from '../home-region.js'
import { endedBy, succeeded } from '../run-once.js'
import type { TrailResult } from '../send-write.js'

/** The validation errors of the trail whose tags a command writes. */
export function trailArnErrors(trailArn: string | undefined): ValidationError[] {
  const error = trailArn === undefined ? undefined : trailArnError(trailArn)
  return error ? [{ field: 'trailArn', ...error }] : []
}

/**
 * Writes the tags of one trail, in the region of its ARN.
 *
 * @param tagKeys the keys that are written, for `keyFields`
 */
export async function writeTags<Data extends object>(
  trailArn: string,
  tagKeys: string[],
  cloudTrail: CloudTrail,
  work: (home: CloudTrail) => Promise<TrailResult<Data>>,
): Promise<Outcome<Data>> {
  let home = cloudTrail
  try {
    home = homeOf(trailArn, cloudTrail)
    const result = await work(home)
    const { region } = home.connection
    const row = 'dryRun' in result ? { dryRun: result.dryRun } : { data: result.data }
    const name = parseTrailArn(trailArn)?.name ?? trailArn
    return succeeded({
      contextData: [{ input: trailArn, region, result: 'Successful', ...row }],
      keyFields: { TrailNames: [name], TrailARNs: [trailArn], TagKeys: tagKeys },
      rawData: 'data' in result ? result.body : null,
      meta: { regions: [region] },
    })
  } catch (error) {
    return endedBy(error, home)
  }
}
