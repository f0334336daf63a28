import { Type, type Static } from '@sinclair/typebox'
import type { CloudTrail } from '../../cloudtrail/cloudtrail.js'
import { defineCommand } from '../define-command.js'
import { ConnectionField, DryRun, STRICT, TrailArn } from '../fields.js'
import { sendWrite } from '../send-write.js'
import { trailReference } from '../trails/trail-reference.js'
import {
  repeatedKeyErrors,
  tagsData,
  TagsData,
  tagsField,
  toTagsList,
  type Tags,
} from './tag-fields.js'
import { trailArnErrors, writeTags } from './write-tags.js'

const AddedTag = Type.Object(
  {
    key: Type.String({ description: 'Key of the tag.' }),
    value: Type.Optional(Type.String({ description: 'Its value now.' })),
    previousValue: Type.Optional(
      Type.String({ description: 'Its value before; not there when the key is new.' }),
    ),
  },
  { title: 'AddedTag' },
)

/** Add Tags: one ListTags and one AddTags. */
export const addTags = defineCommand({
  name: 'add-tags',
  title: 'Add Tags',
  summary: 'Add tags to a trail, or overwrite them',
  description:
    'Adds tags to a trail, in the region of its ARN. The value of a key that the trail has already is overwritten, and the row has the old one as `previousValue`. A trail has at most 50 tags. A retry is safe: it writes the same values, but `previousValue` then is the value of the first attempt.',
  apiClass: 'write',
  iamActions: ['cloudtrail:AddTags', 'cloudtrail:ListTags'],
  scope: 'write',
  body: Type.Object(
    {
      trailArn: TrailArn,
      tags: tagsField('The tags to add or overwrite:'),
      dryRun: DryRun,
      connection: ConnectionField,
    },
    STRICT,
  ),
  data: Type.Object(
    {
      name: Type.String({ description: 'Name of the trail.' }),
      trailArn: Type.String({ description: 'ARN of the trail.' }),
      tags: Type.Array(AddedTag, { description: 'The tags that were written.' }),
    },
    { title: 'AddedTagsData' },
  ),
  replaced: Type.Object({ tags: TagsData }, { title: 'TagsState' }),
  examples: {
    'add one tag, and overwrite another': {
      trailArn: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events',
      tags: [
        { key: 'Incident', value: 'IR-2026-114' },
        { key: 'Owner', value: 'incident-response' },
      ],
    },
  },
  check: (body) => [...trailArnErrors(body.trailArn), ...repeatedKeyErrors(body.tags)],
  run: ({ trailArn, tags }, cloudTrail) =>
    writeTags(
      trailArn,
      tags.map(({ key }) => key),
      cloudTrail,
      async (home) => {
        const existing = await readTags(trailArn, home)
        const row = { ...trailReference(trailArn), trailArn, tags: withPrevious(tags, existing) }
        const input = { ResourceId: trailArn, TagsList: toTagsList(tags) }
        return sendWrite(home, 'AddTags', input, () => row, {
          before: { tags: existing },
          after: { tags: overwritten(existing, tags) },
        })
      },
    ),
})

async function readTags(trailArn: string, home: CloudTrail): Promise<Static<typeof TagsData>> {
  const { output } = await home.send('ListTags', { ResourceIdList: [trailArn] })
  return tagsData(output.ResourceTagList?.[0]?.TagsList)
}

function withPrevious(tags: Tags, existing: Static<typeof TagsData>): Static<typeof AddedTag>[] {
  return tags.map((tag) => {
    const previous = existing.find(({ key }) => key === tag.key)
    return previous ? { ...tag, previousValue: previous.value ?? '' } : tag
  })
}

function overwritten(existing: Static<typeof TagsData>, tags: Tags): Static<typeof TagsData> {
  const written = new Set(tags.map(({ key }) => key))
  return [...existing.filter(({ key }) => !written.has(key)), ...tags]
}
