import { Type } from '@sinclair/typebox'
import { parseTrailArn, trailArnError } from '../../cloudtrail/trail-name.js'
import { defineCommand } from '../define-command.js'
import { ConnectionField, DryRun, STRICT, TagKey, TrailArn } from '../fields.js'
import { homeOf } from '../home-region.js'
import { endedBy, succeeded } from '../run-once.js'

/** The most tags of a trail. */
const MAX_TAGS = 50

/** Remove Tags: one RemoveTags. */
export const removeTags = defineCommand({
  name: 'remove-tags',
  title: 'Remove Tags',
  description:
    'Removes tags from a trail. A key that the trail does not have is no error. Works only in the region in which the trail was created.',
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
        description: `The keys to remove: 1 to ${MAX_TAGS}, no duplicates. List Tags finds them (\`$.ResourceTagList[*].TagsList[*].Key\`).`,
        examples: [['Environment']],
      }),
      dryRun: DryRun,
      connection: ConnectionField,
    },
    STRICT,
  ),
  data: Type.Object({
    name: Type.String({ description: 'Name of the trail.' }),
    trailArn: Type.String({ description: 'ARN of the trail.' }),
    tagKeys: Type.Array(Type.String(), { description: 'The keys that it no longer has.' }),
  }),
  examples: {
    'remove one tag': {
      trailArn: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events',
      tagKeys: ['Environment'],
    },
  },
  check(body) {
    const fault = body.trailArn === undefined ? undefined : trailArnError(body.trailArn)
    return fault ? [{ field: 'trailArn', ...fault }] : []
  },
  async run(body, cloudTrail) {
    const { trailArn, tagKeys } = body
    const region = parseTrailArn(trailArn)?.region ?? cloudTrail.connection.region
    try {
      const answer = await homeOf(trailArn, cloudTrail).send('RemoveTags', {
        ResourceId: trailArn,
        TagsList: tagKeys.map((key) => ({ Key: key })),
      })
      const name = parseTrailArn(trailArn)?.name ?? trailArn
      return succeeded({
        contextData: [
          {
            input: trailArn,
            region,
            result: 'Successful',
            data: cloudTrail.isDryRun ? answer.body : { name, trailArn, tagKeys },
          },
        ],
        keyFields: { TrailNames: [name], TrailARNs: [trailArn], TagKeys: tagKeys },
        rawData: answer.body,
      })
    } catch (error) {
      return endedBy(error, region, undefined)
    }
  },
})
