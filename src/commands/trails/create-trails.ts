import { Type } from '@sinclair/typebox'
import { alreadyCreated } from './already-created.js'
import { defineCommand } from '../define-command.js'
import {
  ConnectionField,
  DryRun,
  S3BucketName,
  STRICT,
  TagKey,
  TagValue,
  toTrailInput,
  trailNamesOf,
  trailSettings,
} from '../fields.js'
import { runPerTrail } from '../run-per-trail.js'
import { toData } from '../to-data.js'
import { TrailData } from './trail-data.js'
import { trailSettingsErrors } from './trail-settings-errors.js'

/** The most tags of a trail (CloudTrail's TagsLimitExceededException). */
const MAX_TAGS = 50

/** Create Trails: one CreateTrail for each name. */
export const createTrails = defineCommand({
  name: 'create-trails',
  title: 'Create Trails',
  description:
    'Creates trails that deliver log files to an S3 bucket. A new trail does not log until Start Logging is run. AWS allows five trails a region, and one change a second for each account and region.',
  apiClass: 'write',
  iamActions: ['cloudtrail:CreateTrail', 'cloudtrail:AddTags'],
  scope: 'write',
  body: Type.Object(
    {
      trailNames: trailNamesOf('Names of the new trails.', ['audit-2026', 'forensics']),
      s3BucketName: S3BucketName,
      ...trailSettings('with defaults'),
      tags: Type.Optional(
        Type.Array(
          Type.Object(
            { key: TagKey, value: Type.Optional(TagValue) },
            { additionalProperties: false },
          ),
          {
            minItems: 1,
            maxItems: MAX_TAGS,
            description: `Tags of the new trails: 1 to ${MAX_TAGS}, no key twice.`,
            examples: [[{ key: 'Owner', value: 'secops' }]],
          },
        ),
      ),
      dryRun: DryRun,
      connection: ConnectionField,
    },
    STRICT,
  ),
  data: TrailData,
  examples: {
    'one good name and one that is too short': {
      trailNames: ['audit-2026', 'a'],
      s3BucketName: 'acme-cloudtrail-logs',
    },
    'a trail of all regions': {
      trailNames: ['all-regions'],
      s3BucketName: 'acme-cloudtrail-logs',
      applyTrailToAllRegions: true,
      enableLogFileValidation: true,
      tags: [{ key: 'Owner', value: 'secops' }],
    },
    'a bucket that does not exist': {
      trailNames: ['audit-2026'],
      s3BucketName: 'missing-bucket',
    },
  },
  check(body) {
    const faults = trailSettingsErrors(body)
    for (const [index, arn] of (body.trailNames ?? []).entries()) {
      if (!arn.startsWith('arn:')) continue
      faults.push({
        field: `trailNames[${index}]`,
        message: 'must be a name: a new trail has no ARN',
      })
    }
    const keys = (body.tags ?? []).map((tag) => tag.key)
    for (const [index, key] of keys.entries()) {
      if (keys.indexOf(key) === index) continue
      faults.push({ field: `tags[${index}].key`, message: `must not repeat ${key}` })
    }
    return faults
  },
  run: (body, cloudTrail) =>
    runPerTrail(body.trailNames, cloudTrail, async (trail) => {
      const input = {
        Name: trail,
        S3BucketName: body.s3BucketName,
        ...toTrailInput(body),
        TagsList: body.tags?.map(({ key, value }) => ({ Key: key, Value: value })),
      }
      try {
        const answer = await cloudTrail.send('CreateTrail', input)
        return { data: toData(answer.output), body: answer.body }
      } catch (error) {
        return await alreadyCreated(error, input, cloudTrail)
      }
    }),
})
