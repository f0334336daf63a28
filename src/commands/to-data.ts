/** An AWS member's name in `data`: camelCase, `ARN` as `Arn`. */
type DataName<Name extends string> = Uncapitalize<
  Name extends `${infer Before}ARN${infer After}` ? `${Before}Arn${After}` : Name
>

/** A value of AWS in `data`: times are texts. */
type DataValue<Value> = Value extends Date
  ? string
  : Value extends readonly (infer Item)[]
    ? DataValue<Item>[]
    : Value extends object
      ? DataOf<Value>
      : Value

/** An object of AWS as `data`. */
export type DataOf<Value extends object> = {
  [Name in keyof Value & string as Name extends '$metadata' ? never : DataName<Name>]?: DataValue<
    Exclude<Value[Name], undefined>
  >
}

/**
 * An object of AWS as `data`: names in camelCase (`TrailARN` becomes `trailArn`, `S3BucketName` `s3BucketName`), times
 * as ISO 8601 in UTC, missing members left out.
 */
export function toData<Value extends object>(value: Value): DataOf<Value> {
  const data: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(value)) {
    if (key === '$metadata' || member === undefined || member === null) continue
    data[toCamelCase(key)] = toPlain(member)
  }
  // the compiler cannot follow names that are made at run time
  return data as DataOf<Value>
}

function toPlain(member: unknown): unknown {
  if (member instanceof Date) return member.toISOString()
  if (Array.isArray(member)) return member.map(toPlain)
  return typeof member === 'object' && member !== null ? toData(member) : member
}

function toCamelCase(name: string): string {
  const words = name.replace('ARN', 'Arn')
  return words.charAt(0).toLowerCase() + words.slice(1)
}
