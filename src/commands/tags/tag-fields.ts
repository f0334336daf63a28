import type { Tag } from '@aws-sdk/client-cloudtrail'
import { Type, type Static } from '@sinclair/typebox'
import type { ValidationError } from '../../envelope/validation-error.js'

/** The most tags of a trail (CloudTrail's TagsLimitExceededException). */
export const MAX_TAGS = 50

/** The key of a tag. */
export const TagKey = Type.String({
  minLength: 1,
  maxLength: 128,
  title: 'TagKey',
  pattern: '^(?![aA][wW][sS]:)[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+$',
  description:
    'A tag key: 1 to 128 letters, digits, spaces and `_ . : / = + - @`, not starting with `aws:`.',
  examples: ['Owner'],
})

/** The value of a tag. */
const TagValue = Type.String({
  minLength: 1,
  maxLength: 256,
  pattern: '^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+$',
  description: 'A tag value: 1 to 256 letters, digits, spaces and `_ . : / = + - @`.',
  examples: ['secops'],
})

/** Tags as a request gives them. */
export const tagsField = (purpose: string) =>
  Type.Array(
    Type.Object(
      { key: TagKey, value: Type.Optional(TagValue) },
      { additionalProperties: false, title: 'NewTag' },
    ),
    {
      minItems: 1,
      maxItems: MAX_TAGS,
      description: `${purpose} 1 to ${MAX_TAGS}, no key twice.`,
      examples: [[{ key: 'Owner', value: 'secops' }]],
    },
  )

/** Tags as a request gives them. */
export type Tags = Static<ReturnType<typeof tagsField>>

/** The validation errors of keys that stand twice. */
export function repeatedKeyErrors(tags: Tags = []): ValidationError[] {
  const keys = tags.map(({ key }) => key)
  return keys.flatMap((key, index) =>
    keys.indexOf(key) === index
      ? []
      : [{ field: `tags[${index}].key`, message: `must not repeat ${key}` }],
  )
}

/** A trail's tags in a row. */
export const TagsData = Type.Array(
  Type.Object({ key: Type.String(), value: Type.Optional(Type.String()) }, { title: 'Tag' }),
  { description: 'Its tags, as AWS orders them.' },
)

export function tagsData(tags: readonly Tag[] = []): Static<typeof TagsData> {
  return tags.map(({ Key = '', Value }) => ({
    key: Key,
    ...(Value !== undefined && { value: Value }),
  }))
}

/** Tags in AWS's names. */
export function toTagsList(tags: Tags): Tag[] {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }))
}
