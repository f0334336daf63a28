import { Type } from '@sinclair/typebox'
import { trailError } from '../../aws/trail-name.js'
import { defineCommand } from '../define-command.js'
import { ConnectionField, STRICT, trailNamesOf } from '../fields.js'
import { RegionsField, regionErrors, runInRegions } from '../regions.js'
import { endedBy, foundRow, succeeded } from '../run-once.js'
import { TrailData, trailData } from './trail-data.js'

/** Describe Trails: one DescribeTrails. */
export const describeTrails = defineCommand({
  name: 'describe-trails',
  title: 'Describe Trails',
  summary: 'Read the settings of all trails, or of those named',
  description:
    'The settings of all trails of the region of the connection (or of the regions given), or of those named, in one call per region. AWS leaves out names that it does not know, without an error; Get Trails has an error for each.',
  apiClass: 'read',
  iamActions: ['cloudtrail:DescribeTrails'],
  scope: 'read',
  body: Type.Object(
    {
      trailNames: Type.Optional(
        trailNamesOf('The trails; left out: all of the region. Trails of other regions by ARN.', [
          'management-events',
        ]),
      ),
      includeShadowTrails: Type.Optional(
        Type.Boolean({
          default: true,
          description:
            'Whether to list shadow trails too: the replicas, in this region, of multi-region trails whose home is elsewhere. Default true.',
          examples: [true],
        }),
      ),
      regions: RegionsField,
      connection: ConnectionField,
    },
    STRICT,
  ),
  data: TrailData,
  examples: {
    'one trail': { trailNames: ['management-events'], includeShadowTrails: false },
    'all trails': {},
  },
  check: (body) => [
    ...(body.trailNames ?? []).flatMap((trail, index) => {
      const error = trailError(trail)
      return error ? [{ field: `trailNames[${index}]`, ...error }] : []
    }),
    ...regionErrors(body.regions),
  ],
  run: (body, cloudTrail) =>
    runInRegions(
      body.regions,
      cloudTrail,
      async (there) => {
        const { region } = there.connection
        try {
          const response = await there.send('DescribeTrails', {
            trailNameList: body.trailNames,
            includeShadowTrails: body.includeShadowTrails,
          })
          const trails = response.output.trailList ?? []
          return succeeded({
            contextData: trails.map((trail) => foundRow(region, trailData(trail))),
            keyFields: {
              TrailNames: trails.map((trail) => trail.Name ?? ''),
              TrailARNs: trails.map((trail) => trail.TrailARN ?? ''),
            },
            rawData: response.body,
          })
        } catch (error) {
          return endedBy(error, there)
        }
      },
      'trailList',
    ),
})
