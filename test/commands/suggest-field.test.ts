import t from 'tap'
import { suggestField } from '../../src/commands/suggest-field.js'
import { startSandboxService } from '../support/service.js'

const FIELDS = ['trailNames', 's3BucketName', 'applyTrailToAllRegions', 'organizationTrail', 'tags']

t.test('suggests the field for a name of AWS, another spelling or a typing error', async (t) => {
  for (const [unknown, field] of [
    ['isMultiRegionTrail', 'applyTrailToAllRegions'],
    ['IsMultiRegionTrail', 'applyTrailToAllRegions'],
    ['IsOrganizationTrail', 'organizationTrail'],
    ['Name', 'trailNames'],
    ['TagsList', 'tags'],
    ['S3BucketName', 's3BucketName'],
    ['s3_bucket_name', 's3BucketName'],
    ['trailName', 'trailNames'],
    ['trialNames', 'trailNames'],
    ['tag', 'tags'],
    ['surprise', undefined],
    ['x'.repeat(100_000), undefined],
    ['constructor', undefined],
    ['', undefined],
  ] as const) {
    t.equal(suggestField(unknown, FIELDS), field, unknown.slice(0, 30))
  }
})

t.test('a validation error names the field that was meant', async (t) => {
  const service = await startSandboxService(t)
  const { status, body } = await service.run('create-trails', {
    trailNames: ['audit'],
    s3BucketName: 'acme-cloudtrail-logs',
    isMultiRegionTrail: true,
    colour: 'red',
    tags: [{ Key: 'Owner' }],
  })
  t.equal(status, 400)
  t.match(body.errors.map(({ message }) => message).sort(), [
    /^colour is not a field of this command$/,
    /^isMultiRegionTrail is not a field of this command; did you mean applyTrailToAllRegions\?$/,
    /^tags\[0\]\.Key is not a field of tags\[0\]; did you mean key\?$/,
    /^tags\[0\]\.key is required$/,
  ])
})
