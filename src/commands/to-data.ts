/**
 * AWS's answer as `data`: names in camelCase (`TrailARN` becomes `trailArn`, `S3BucketName` `s3BucketName`), times as
 * ISO 8601 in UTC, members that are not there left out.
 */
export function toData(value: object): Record<string, unknown> {
  const data: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(value)) {
    if (key === '$metadata' || member === undefined || member === null) continue
    data[toCamelCase(key)] = toPlain(member)
  }
  return data
}

function toPlain(member: unknown): unknown {
  if (member instanceof Date) return member.toISOString()
  if (Array.isArray(member)) return member.map(toPlain)
  return typeof member === 'object' && member !== null ? toData(member) : member
}

function toCamelCase(name: string): string {
  const words = name.replace(/ARN/g, 'Arn')
  return words.charAt(0).toLowerCase() + words.slice(1)
}
