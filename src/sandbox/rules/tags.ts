import type { Tag } from '@aws-sdk/client-cloudtrail'

import { modelledError } from '../errors.js'

/** A trail takes up to 50 tags (AddTags). */
const TAGS_PER_TRAIL = 50

/** The characters that AWS allows in the keys and values of tags. */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/**
 * The tags of a trail after some have been added.
 *
 * @param present the tags it has
 * @param added the tags to add; a key that it has already gets the new value
 * @throws AwsError `InvalidTagParameterException` for keys and values that AWS does not take,
 * `TagsLimitExceededException` for more than 50 tags
 */
export function checkNewTags(present: readonly Tag[], added: readonly Tag[]): Tag[] {
  const tags = new Map(present.map((tag) => [tag.Key, tag]))
  const newKeys = new Set<string>()
  for (const tag of added) {
    const key = checkedKey(tag.Key)
    if (newKeys.has(key)) {
      throw modelledError('InvalidTagParameterException', `Duplicate tag key: ${key}.`)
    }
    newKeys.add(key)
    const value = tag.Value ?? ''
    if (value.length > 256 || !TAG_TEXT.test(value)) {
      throw modelledError('InvalidTagParameterException', `The value of tag ${key} is not valid.`)
    }
    tags.set(key, tag.Value === undefined ? { Key: key } : { Key: key, Value: value })
  }
  if (tags.size > TAGS_PER_TRAIL) {
    throw modelledError(
      'TagsLimitExceededException',
      `The number of tags per trail has exceeded the limit of ${TAGS_PER_TRAIL}.`,
    )
  }
  return [...tags.values()]
}

function checkedKey(key = ''): string {
  if (key.length < 1 || key.length > 128 || !TAG_TEXT.test(key) || /^aws:/i.test(key)) {
    throw modelledError('InvalidTagParameterException', `The tag key ${key} is not valid.`)
  }
  return key
}
