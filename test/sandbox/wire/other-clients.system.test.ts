import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'

import type { Test } from 'tap'
import t from 'tap'

import { startSandbox } from '../../../src/sandbox/sandbox.js'
import { testDirectory } from '../../support/test-directory.js'

const run = promisify(execFile)

/** Debian's own packages awscli and python3-boto3; other versions may be on the PATH before them. */
const AWS_CLI = '/usr/bin/aws'
const BOTO3 = '/usr/lib/python3/dist-packages/boto3'

/** Where the clients are missing, the tests are skipped; never in the CI, which installs them. */
const skip = (path: string) =>
  existsSync(path) || process.env.CI !== undefined ? false : `there is no ${path}`

/** The clients sign with the sandbox's key, checked for real, and read no configuration of this machine. */
async function start(t: Test) {
  const accessKey = 'AKIARTX3GSDSQASANDBX'
  const accessSecret = 'not-a-secret-but-checked'
  const sandbox = await startSandbox({
    port: 0,
    quotas: false,
    events: 300,
    accessKey,
    accessSecret,
  })
  t.teardown(() => sandbox.close())
  const env = {
    HOME: testDirectory(t),
    PATH: '/usr/bin:/bin',
    AWS_ACCESS_KEY_ID: accessKey,
    AWS_SECRET_ACCESS_KEY: accessSecret,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
  }
  return { sandbox, env }
}

t.test('boto3 runs all 17 operations, and assumes a role', { skip: skip(BOTO3) }, async (t) => {
  const { sandbox, env } = await start(t)
  const script = ['test/fixtures/all-operations.py', sandbox.url]
  const { stdout } = await run('/usr/bin/python3', script, { env })
  const answers = JSON.parse(stdout)
  const ARN = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/audit'
  t.match(answers, {
    create_trail: { TrailARN: ARN },
    list_tags: { ResourceTagList: [{ TagsList: [{ Key: 'Owner', Value: 'secops' }] }] },
    get_trail_status: { IsLogging: true },
    get_insight_selectors: { InsightSelectors: [{ InsightType: 'ApiCallRateInsight' }] },
    get_trail: { Trail: { S3KeyPrefix: 'prefix', HasInsightSelectors: true } },
    error: {
      Code: 'TrailNotFoundException',
      Message: `Unknown trail: ${ARN} for the user: 111122223333`,
    },
    pages: [50, 50, 20],
    role: 'arn:aws:cloudtrail:us-east-1:444455556666:trail/audit',
  })
  for (const empty of [
    'add_tags',
    'remove_tags',
    'start_logging',
    'stop_logging',
    'delete_trail',
  ]) {
    t.same(answers[empty], {}, empty)
  }
  t.equal(answers.describe_trails.trailList.length, 4)
  t.equal(answers.list_trails.Trails.length, 5)
  t.equal(answers.lookup_events.Events.length, 2)
})

t.test('the AWS CLI runs all 17 operations', { skip: skip(AWS_CLI) }, async (t) => {
  const { sandbox, env } = await start(t)
  const aws = async (...args: string[]) => {
    const common = ['--region', 'us-east-1', '--endpoint-url', sandbox.url, '--output', 'json']
    const { stdout } = await run(AWS_CLI, [...common, 'cloudtrail', ...args], { env })
    return stdout === '' ? undefined : JSON.parse(stdout)
  }
  const create = ['create-trail', '--name', 'audit', '--s3-bucket-name', 'audit-logs']
  const { TrailARN } = await aws(...create)
  t.equal(TrailARN, 'arn:aws:cloudtrail:us-east-1:111122223333:trail/audit')
  const tags = ['--resource-id', TrailARN, '--tags-list', 'Key=Owner,Value=secops']
  t.equal(await aws('add-tags', ...tags), undefined)
  t.match(await aws('list-tags', '--resource-id-list', TrailARN), {
    ResourceTagList: [{ TagsList: [{ Key: 'Owner', Value: 'secops' }] }],
  })
  await aws('remove-tags', ...tags)
  await aws('start-logging', '--name', 'audit')
  t.match(await aws('get-trail-status', '--name', 'audit'), { IsLogging: true })
  await aws('stop-logging', '--name', 'audit')
  const selector = ['--event-selectors', '[{"ReadWriteType":"WriteOnly"}]']
  await aws('put-event-selectors', '--trail-name', 'audit', ...selector)
  t.match(await aws('get-event-selectors', '--trail-name', 'audit'), {
    EventSelectors: [{ ReadWriteType: 'WriteOnly' }],
  })
  const insight = ['--insight-selectors', '[{"InsightType":"ApiErrorRateInsight"}]']
  await aws('put-insight-selectors', '--trail-name', 'audit', ...insight)
  t.match(await aws('get-insight-selectors', '--trail-name', 'audit'), {
    InsightSelectors: [{ InsightType: 'ApiErrorRateInsight' }],
  })
  await aws('update-trail', '--name', 'audit', '--s3-key-prefix', 'prefix')
  t.match(await aws('get-trail', '--name', 'audit'), { Trail: { S3KeyPrefix: 'prefix' } })
  t.equal((await aws('describe-trails')).trailList.length, 4)
  t.equal((await aws('list-trails')).Trails.length, 5)
  const attribute = 'AttributeKey=EventName,AttributeValue=StopLogging'
  const found = await aws('lookup-events', '--lookup-attributes', attribute)
  t.same(
    found.Events.map(({ Username }: { Username: string }) => Username),
    ['sandbox-user', 'temp-contractor'],
  )
  t.equal(await aws('delete-trail', '--name', 'audit'), undefined)
  const { stderr } = await aws('delete-trail', '--name', 'audit').catch(
    (error: unknown) => error as any,
  )
  t.match(
    stderr,
    /An error occurred \(TrailNotFoundException\) when calling the DeleteTrail operation: Unknown trail: /,
  )
})
