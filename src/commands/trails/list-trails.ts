import type { ListTrailsCommandOutput, TrailInfo } from '@aws-sdk/client-cloudtrail'
import { Type, type Static } from '@sinclair/typebox'
import type { AwsResponse, CloudTrail } from '../../cloudtrail/cloudtrail.js'
import { pagesOf } from '../../cloudtrail/pages.js'
import { defineCommand } from '../define-command.js'
import type { Outcome } from '../../envelope/outcome.js'
import { ConnectionField, STRICT } from '../fields.js'
import { joinPages } from '../join-pages.js'
import { RegionsField, regionErrors, runInRegions } from '../regions.js'
import { endedBy, foundRow, succeeded } from '../run-once.js'

const ListedTrailData = Type.Object(
  {
    name: Type.String({ description: 'Name of the trail.' }),
    trailArn: Type.String({ description: 'ARN of the trail.' }),
    homeRegion: Type.String({
      description: 'Region in which the trail was created, and can be written.',
    }),
  },
  { title: 'ListedTrailData' },
)

/** `regions`, with what it is worth here: the API reference gives ListTrails the whole account as its subject. */
const ListedRegionsField = {
  ...RegionsField,
  description:
    'The regions to ask: a list of names, or `all`. Leave it out: AWS lists all trails of the account in each region, so that a further region only repeats them. Left out: the region of the connection.',
}

type ListedTrail = Static<typeof ListedTrailData>

function listedTrail({ Name = '', TrailARN = '', HomeRegion = '' }: TrailInfo): ListedTrail {
  return { name: Name, trailArn: TrailARN, homeRegion: HomeRegion }
}

/** List Trails: ListTrails, to its last page. */
export const listTrails = defineCommand({
  name: 'list-trails',
  title: 'List Trails',
  summary: 'List the trails of the account',
  description:
    'All trails of the account, whatever their home region, and the organization trails that it sees. One region knows them all, so leave `regions` out.',
  apiClass: 'read',
  iamActions: ['cloudtrail:ListTrails'],
  scope: 'read',
  body: Type.Object({ regions: ListedRegionsField, connection: ConnectionField }, STRICT),
  data: ListedTrailData,
  examples: { 'all trails': {} },
  check: (body) => regionErrors(body.regions),
  run: (body, cloudTrail) => runInRegions(body.regions, cloudTrail, listIn, 'Trails'),
})

/** The trails that one region lists, to the last page. */
async function listIn(cloudTrail: CloudTrail): Promise<Outcome<ListedTrail>> {
  const { region } = cloudTrail.connection
  const pages: AwsResponse<ListTrailsCommandOutput>[] = []
  const outcome = () => {
    const trails = pages.flatMap((page) => page.output.Trails ?? [])
    return succeeded({
      contextData: trails.map((trail) => foundRow(region, listedTrail(trail))),
      keyFields: {
        TrailNames: trails.map((trail) => trail.Name ?? ''),
        TrailARNs: trails.map((trail) => trail.TrailARN ?? ''),
      },
      rawData: joinPages(
        pages.map((page) => page.body),
        'Trails',
      ),
    })
  }
  try {
    const ask = (token?: string) => cloudTrail.send('ListTrails', { NextToken: token })
    for await (const page of pagesOf(ask)) pages.push(page)
    return outcome()
  } catch (error) {
    return endedBy(error, cloudTrail, pages.length > 0 ? outcome() : undefined)
  }
}
