import { Type } from '@sinclair/typebox'
import { alreadyCreated } from './already-created.js'
import { defineCommand } from '../define-command.js'
import {
  ORGANIZATION_TRAIL,
  PASS_LOGS_ROLE,
  RECOGNIZE_CREATED,
  TAG_NEW_TRAIL,
} from '../iam-permissions.js'
import {
  ConnectionField,
  DryRun,
  NAME_RULES,
  S3BucketName,
  STRICT,
  trailNamesOf,
} from '../fields.js'
import { runPerTrail } from '../run-per-trail.js'
import { sendWrite } from '../send-write.js'
import { repeatedKeyErrors, tagsField, toTagsList } from '../tags/tag-fields.js'
import { TrailData, trailData } from './trail-data.js'
import { NewTrailSettings, toTrailInput, trailSettingsErrors } from './trail-settings.js'

/** Create Trails: one CreateTrail for each name. */
export const createTrails = defineCommand({
  name: 'create-trails',
  title: 'Create Trails',
  summary: 'Create one or more trails',
  description:
    'Creates trails that deliver log files to an S3 bucket. A new trail does not log until Start Logging is run. AWS allows five trails a region, and one write per second for each account and region. A retry fails with TrailAlreadyExistsException where the trail was created, unless an attempt whose response was lost created it with the same settings; with an `idempotency-key` it returns the first response.',
  apiClass: 'write',
  iamActions: ['cloudtrail:CreateTrail'],
  iamPermissions: [TAG_NEW_TRAIL, PASS_LOGS_ROLE, ORGANIZATION_TRAIL, RECOGNIZE_CREATED],
  scope: 'write',
  body: Type.Object(
    {
      trailNames: trailNamesOf(`Names of the new trails. ${NAME_RULES}`, [
        'audit-2026',
        'forensics',
      ]),
      s3BucketName: S3BucketName,
      ...NewTrailSettings,
      tags: Type.Optional(tagsField('Tags of the new trails:')),
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
    const arns = (body.trailNames ?? []).flatMap((name, index) =>
      name.startsWith('arn:')
        ? [{ field: `trailNames[${index}]`, message: 'must be a name: a new trail has no ARN' }]
        : [],
    )
    return [...trailSettingsErrors(body), ...arns, ...repeatedKeyErrors(body.tags)]
  },
  run: (body, cloudTrail) =>
    runPerTrail(body.trailNames, cloudTrail, async (trail) => {
      const input = {
        Name: trail,
        S3BucketName: body.s3BucketName,
        ...toTrailInput(body),
        TagsList: body.tags && toTagsList(body.tags),
      }
      try {
        return await sendWrite(cloudTrail, 'CreateTrail', input, trailData)
      } catch (error) {
        return await alreadyCreated(error, input, cloudTrail)
      }
    }),
})
