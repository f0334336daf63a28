import type { ListTagsCommandOutput } from '@aws-sdk/client-cloudtrail'
import { Type, type Static } from '@sinclair/typebox'
import type { AwsResponse, CloudTrail } from '../../cloudtrail/cloudtrail.js'
import { pagesOf } from '../../cloudtrail/pages.js'
import { trailArnError } from '../../aws/trail-name.js'
import { defineCommand } from '../define-command.js'
import type { Outcome } from '../../envelope/outcome.js'
import { ConnectionField, STRICT, TrailArn } from '../fields.js'
import { homeRegionOf } from '../home-region.js'
import { joinPages } from '../join-pages.js'
import { runInRegions } from '../regions.js'
import { endedBy, foundRow, succeeded } from '../run-once.js'
import { TagsData, tagsData } from './tag-fields.js'

/** How many ARNs one ListTags takes (CloudTrail API reference). */
const MAX_ARNS = 20

const TrailTagsData = Type.Object(
  {
    trailArn: Type.String({ description: 'ARN of the trail.' }),
    tags: TagsData,
  },
  { title: 'TrailTagsData' },
)

/** List Tags: ListTags, to its last page. */
export const listTags = defineCommand({
  name: 'list-tags',
  title: 'List Tags',
  summary: 'List the tags of trails',
  description:
    'The tags of up to 20 trails, in one call for each region that their ARNs name. One ARN that AWS does not take fails the others of its region.',
  apiClass: 'read',
  iamActions: ['cloudtrail:ListTags'],
  scope: 'read',
  body: Type.Object(
    {
      trailArns: Type.Array(TrailArn, {
        minItems: 1,
        maxItems: MAX_ARNS,
        uniqueItems: true,
        description: `1 to ${MAX_ARNS} trail ARNs, no duplicates, all of the same account.`,
        examples: [['arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events']],
      }),
      connection: ConnectionField,
    },
    STRICT,
  ),
  data: TrailTagsData,
  examples: {
    'tags of one trail': {
      trailArns: ['arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events'],
    },
  },
  check: (body) =>
    (body.trailArns ?? []).flatMap((arn, index) => {
      const error = trailArnError(arn)
      return error ? [{ field: `trailArns[${index}]`, ...error }] : []
    }),
  run: (body, cloudTrail) => {
    const homes = new Map<string, string[]>()
    for (const arn of body.trailArns) {
      const home = homeRegionOf(arn, cloudTrail)
      homes.set(home, [...(homes.get(home) ?? []), arn])
    }
    const listThere = (there: CloudTrail) =>
      listIn(there, homes.get(there.connection.region) ?? body.trailArns)
    return runInRegions([...homes.keys()], cloudTrail, listThere, 'ResourceTagList')
  },
})

/** The tags of trails whose home is one region, to the last page. */
async function listIn(
  cloudTrail: CloudTrail,
  trailArns: string[],
): Promise<Outcome<Static<typeof TrailTagsData>>> {
  const { region } = cloudTrail.connection
  const pages: AwsResponse<ListTagsCommandOutput>[] = []
  const outcome = () => {
    const resources = pages.flatMap((page) => page.output.ResourceTagList ?? [])
    const tags = resources.flatMap((resource) => resource.TagsList ?? [])
    return succeeded({
      contextData: resources.map((resource) =>
        foundRow(region, {
          trailArn: resource.ResourceId ?? '',
          tags: tagsData(resource.TagsList),
        }),
      ),
      keyFields: {
        TrailARNs: resources.map((resource) => resource.ResourceId ?? ''),
        TagKeys: [...new Set(tags.map((tag) => tag.Key ?? ''))],
      },
      rawData: joinPages(
        pages.map((page) => page.body),
        'ResourceTagList',
      ),
    })
  }
  try {
    const ask = (token?: string) =>
      cloudTrail.send('ListTags', { ResourceIdList: trailArns, NextToken: token })
    for await (const page of pagesOf(ask)) pages.push(page)
    return outcome()
  } catch (error) {
    return endedBy(error, cloudTrail, pages.length > 0 ? outcome() : undefined)
  }
}
