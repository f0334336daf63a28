import type { Static } from '@sinclair/typebox'
import { parseTrailArn } from '../../aws/trail-name.js'
import type { TrailNameData } from './trail-data.js'

/** The row of a trail whose response is empty: its name, and its ARN when the input was one. */
export function trailReference(trail: string): Static<typeof TrailNameData> {
  const arn = parseTrailArn(trail)
  return arn ? { name: arn.name, trailArn: trail } : { name: trail }
}
