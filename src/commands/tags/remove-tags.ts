import { Type } from '@sinclair/typebox'
import { defineCommand } from '../define-command.js'
import { ConnectionField, DryRun, STRICT, TrailArn } from '../fields.js'
import { sendWrite } from '../send-write.js'
import { trailReference } from '../trails/trail-reference.js'
import { MAX_TAGS, TagKey } from './tag-fields.js'
import { trailArnErrors, writeTags } from './write-tags.js'

/** Remove Tags: one RemoveTags. */
export const removeTags = defineCommand({
  name: 'remove-tags',
  title: 'Remove Tags',
  summary: 'Remove tags from a trail',
  description:
    'Removes tags from a trail, in the region of its ARN. A key that the trail does not have is no error, so a retry is safe.',
  apiClass: 'write',
  iamActions: ['cloudtrail:RemoveTags'],
  scope: 'write',
  body: Type.Object(
    {
      trailArn: TrailArn,
      tagKeys: Type.Array(TagKey, {
        minItems: 1,
        maxItems: MAX_TAGS,
        uniqueItems: true,
        description: `The keys to remove: 1 to ${MAX_TAGS}, no duplicates. List Tags returns them in \`rawData\` (\`$.ResourceTagList[*].TagsList[*].Key\`).`,
        examples: [['Environment']],
      }),
      dryRun: DryRun,
      connection: ConnectionField,
    },
    STRICT,
  ),
  data: Type.Object(
    {
      name: Type.String({ description: 'Name of the trail.' }),
      trailArn: Type.String({ description: 'ARN of the trail.' }),
      tagKeys: Type.Array(Type.String(), { description: 'The keys that it no longer has.' }),
    },
    { title: 'RemovedTagsData' },
  ),
  examples: {
    'remove one tag': {
      trailArn: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events',
      tagKeys: ['Environment'],
    },
  },
  check: (body) => trailArnErrors(body.trailArn),
  run: ({ trailArn, tagKeys }, cloudTrail) =>
    writeTags(trailArn, tagKeys, cloudTrail, (home) => {
      const TagsList = tagKeys.map((key) => ({ Key: key }))
      return sendWrite(home, 'RemoveTags', { ResourceId: trailArn, TagsList }, () => ({
        ...trailReference(trailArn),
        trailArn,
        tagKeys,
      }))
    }),
})
