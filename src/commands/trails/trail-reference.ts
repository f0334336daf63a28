import { parseTrailArn } from '../../cloudtrail/trail-name.js'

/** The row of a trail that AWS answers nothing about: its name, and its ARN when the input was one. */
export function trailReference(trail: string): Record<string, unknown> {
  const arn = parseTrailArn(trail)
  return arn ? { name: arn.name, trailArn: trail } : { name: trail }
}
