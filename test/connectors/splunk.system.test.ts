import { execSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { checkConnector, type Shown, type Way } from './support/check-connector.js'
import { runConnector } from './support/python.js'
import { needs } from '../support/needs.js'
import { startSandboxService } from '../support/service.js'
import { testDirectory } from '../support/test-directory.js'

needs('requests')

const FOLDER = 'connectors/splunk-soar/cloudtrail_commands'

async function output(t: Test, way: Way, command: string, args: object, file = FOLDER) {
  const settings = {
    server_url: way.url,
    api_key: way.key,
    verify_server_cert: !way.trustAny,
  }
  const env: Record<string, string> = way.ca ? { REQUESTS_CA_BUNDLE: way.ca.file } : {}
  return runConnector(t, 'splunk', { file, settings, command, args }, env)
}

async function run(t: Test, way: Way, command: string, args: object): Promise<Shown> {
  const all = await output(t, way, command, args)
  const [result] = all.results
  // only what needs attention is a text here; other messages say how much was found
  const isSilent = /^(Successful|Total lookup events|Message): /.test(result.message)
  return {
    isError: result.status !== 'success',
    text: isSilent ? '' : result.message,
    rows: result.data,
    all,
  }
}

t.test('Splunk SOAR', async (t) => {
  checkConnector(t, {
    testConnection: (t, way) => run(t, way, 'test_connectivity', {}),
    startLogging: (t, way, trails) =>
      run(t, way, 'start_logging', { trail_names: trails.join(', '), dry_run: false }),
    getTrails: (t, way, trails) => run(t, way, 'get_trails', { trail_names: trails.join(', ') }),
  })

  t.test('describe trails and run query are those of AWS CloudTrail', async (t) => {
    const service = await startSandboxService(t)
    const way = { url: service.url, key: '' }
    const described = await output(t, way, 'describe_trails', { include_shadow_trails: false })
    const [trails] = described.results
    t.match(trails.data[0], { Name: String, TrailARN: String, S3BucketName: String })
    t.equal(trails.summary.message, `Received ${trails.data.length} trails`)
    const queried = await output(t, way, 'run_query', {
      attribute_key: 'EventName',
      attribute_value: 'StopLogging',
      start_date: new Date(Date.now() - 80 * 86_400_000).toISOString().slice(0, 10),
      max_results: 2,
    })
    const [events] = queried.results
    t.ok(events.data.length > 0)
    t.match(events.data[0], {
      EventName: 'StopLogging',
      EventTime: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/,
      Username: String,
      Resources: [{ ResourceType: 'AWS::CloudTrail::Trail' }],
      ExtractedCloudTrailEvent: { eventName: 'StopLogging', userIdentity: { type: String } },
    })
    t.equal(events.data[0].CloudTrailEvent, undefined)
    t.equal(events.summary.total_lookup_events, events.data.length)
  })

  t.test(
    'credentials of an assumed role are sent with the action, and shown nowhere',
    async (t) => {
      const service = await startSandboxService(t)
      const credentials = {
        AccessKeyId: 'ASIARTX3GSDSQASANDBX',
        SecretAccessKey: 'not-a-secret',
        SessionToken: 'marked-token-of-the-session',
      }
      const all = await output(t, { url: service.url, key: '' }, 'describe_trails', {
        credentials: JSON.stringify(credentials),
      })
      // the sandbox does not know the session: that it was asked shows that the keys arrived
      t.match(all.results[0], { status: 'failed', message: /Describe Trails failed/ })
      t.notMatch(JSON.stringify(all), /not-a-secret|marked-token/)
      t.equal(all.results[0].parameter.credentials, undefined)
    },
  )

  t.test('the widget shows what was done and what failed', async (t) => {
    const service = await startSandboxService(t)
    const way = { url: service.url, key: '' }
    const { view } = await output(t, way, 'stop_logging', {
      trail_names: '["data-events", "no-such-trail"]',
    })
    t.match(view, {
      template: 'cloudtrail_commands_rows.html',
      results: [
        {
          columns: ['Name', 'Region'],
          rows: [['data-events', 'us-east-1']],
          failures: [{ input: 'no-such-trail', code: 'TrailNotFoundException', hint: String }],
        },
      ],
    })
    t.ok(readdirSync(FOLDER).includes(view.template))
  })

  t.test('the tar command of the page makes the package that is installed', async (t) => {
    const directory = testDirectory(t)
    const tgz = join(directory, 'cloudtrail_commands.tgz')
    const [shown = ''] =
      /^tar -czf .*$/m.exec(readFileSync('docs/connectors/splunk-soar.md', 'utf8')) ?? []
    execSync(shown.replace('cloudtrail_commands.tgz', tgz))
    execSync(`tar -xzf ${tgz} -C ${directory}`)
    const service = await startSandboxService(t)
    const way = { url: service.url, key: '' }
    const unpacked = join(directory, 'cloudtrail_commands')
    const { results } = await output(t, way, 'list_trails', {}, unpacked)
    t.equal(results[0].status, 'success')
  })
})
