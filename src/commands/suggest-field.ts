/** AWS's own parameter names, in lower case, with the fields that stand for them. */
const ALIASES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    name: ['trailNames'],
    trailname: ['trailNames'],
    trailnamelist: ['trailNames'],
    resourceid: ['trailArn', 'trailArns'],
    resourceidlist: ['trailArns', 'trailArn'],
    trailarn: ['trailArns', 'trailNames'],
    ismultiregiontrail: ['applyTrailToAllRegions'],
    isorganizationtrail: ['organizationTrail'],
    logfilevalidationenabled: ['enableLogFileValidation'],
    snstopicarn: ['snsTopicName'],
    tagslist: ['tags', 'tagKeys'],
    insightselectors: ['insightTypes'],
    insighttype: ['insightTypes'],
    lookupattributes: ['filters', 'attributeKey'],
    maxresults: ['limit'],
    dataresources: ['dataEventsS3'],
    replaceadvanced: ['replaceExisting'],
  }),
)

/**
 * The field that an unknown one most likely means: AWS's name for it, the same letters in another spelling, or the
 * closest of similar names; `undefined` when none is close.
 *
 * @param fields the fields that may stand there
 */
export function suggestField(unknown: string, fields: readonly string[]): string | undefined {
  // no field is so long; the comparison takes time that grows with the length
  if (unknown.length > 64) return undefined
  const wanted = plain(unknown)
  const same = fields.find((field) => plain(field) === wanted)
  const alias = ALIASES.get(wanted)?.find((field) => fields.includes(field))
  if (same !== undefined || alias !== undefined) return same ?? alias
  const [closest] = fields
    .map((field) => ({ field, distance: editDistance(wanted, plain(field)) }))
    .filter(({ field, distance }) => distance <= Math.max(1, Math.floor(field.length / 3)))
    .sort((a, b) => a.distance - b.distance)
  return closest?.field
}

/** A name without its spelling: `s3_bucket_name` and `S3BucketName` are the same. */
function plain(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, '').toLowerCase()
}

/** Letters to insert, remove or replace to make one text of another (Levenshtein). */
function editDistance(from: string, to: string): number {
  let distances = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let row = 0; row < from.length; row += 1) {
    const next = [row + 1]
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (distances[column - 1] ?? 0) + (from[row] === to[column - 1] ? 0 : 1)
      const removed = (distances[column] ?? 0) + 1
      const inserted = (next[column - 1] ?? 0) + 1
      next.push(Math.min(replaced, removed, inserted))
    }
    distances = next
  }
  return distances[to.length] ?? 0
}
