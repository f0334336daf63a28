import type { InsightSelector } from '@aws-sdk/client-cloudtrail'
import type { CloudTrail } from '../../cloudtrail/cloudtrail.js'
import type { WireBody } from '../../cloudtrail/wire-body.js'
import { FailureError } from '../../envelope/failure.js'

/** The Insights of a trail, and AWS's response body. */
interface ReadInsightSelectors {
  trailArn: string | undefined
  selectors: InsightSelector[]
  body: WireBody
}

/**
 * Reads the insight selectors of a trail. AWS reports Insights that are off as an error; here they are an empty list.
 *
 * @throws {FailureError} when they cannot be read
 */
export async function readInsightSelectors(
  trail: string,
  home: CloudTrail,
): Promise<ReadInsightSelectors> {
  try {
    const { output, body } = await home.send('GetInsightSelectors', { TrailName: trail })
    return { trailArn: output.TrailARN, selectors: output.InsightSelectors ?? [], body }
  } catch (error) {
    const isOff =
      error instanceof FailureError && error.failure.code === 'InsightNotEnabledException'
    if (!isOff) throw error
    return { trailArn: undefined, selectors: [], body: { InsightSelectors: [] } }
  }
}
