import type { CloudTrail } from '../../cloudtrail/cloudtrail.js'
import { pagesOf } from '../../cloudtrail/pages.js'
import { FailureError } from '../../envelope/failure.js'
import { serviceFailure } from '../../envelope/service-failure.js'
import { MAX_INPUTS } from '../fields.js'

/**
 * ARNs of every trail whose home is the connection's region; shadow trails cannot be changed from here.
 *
 * @throws {FailureError} when they cannot be listed, or are more than one command works on
 */
export async function homeTrails(cloudTrail: CloudTrail): Promise<string[]> {
  const arns: string[] = []
  const list = (token?: string) => cloudTrail.send('ListTrails', { NextToken: token })
  for await (const { output } of pagesOf(list)) {
    for (const { HomeRegion: home, TrailARN: arn } of output.Trails ?? []) {
      if (home === cloudTrail.connection.region && arn !== undefined) arns.push(arn)
    }
  }
  if (arns.length <= MAX_INPUTS) return arns
  const message = `The region has ${arns.length} trails, more than one command works on: name them with trailNames.`
  throw new FailureError(serviceFailure('TooManyTrails', message, { field: 'trailNames' }))
}
