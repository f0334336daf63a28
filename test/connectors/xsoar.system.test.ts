import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { checkConnector, type Shown, type Way } from './support/check-connector.js'
import { startFront } from './support/front.js'
import { runConnector } from './support/python.js'
import { runPlaybook } from './support/xsoar-playbook.js'
import { needs } from '../support/needs.js'
import { startSandboxService } from '../support/service.js'

needs('requests', 'pytest')

/** The file that a user uploads. */
const UNIFIED = parse(readFileSync('connectors/xsoar/integration-CloudTrailCommands.yml', 'utf8'))

/** The types of entries: a note, an error, a warning. */
const ERROR = 4
const WARNING = 11

type Args = Record<string, unknown>

/** Runs a command as the platform does: entries with a PollingCommand are run again until there is none. */
async function run(t: Test, way: Way, command: string, args: Args, more: Args = {}) {
  const settings = {
    url: way.url,
    credentials: { password: way.key },
    insecure: way.trustAny ?? false,
    ...more,
  }
  const env: Record<string, string> = way.ca ? { REQUESTS_CA_BUNDLE: way.ca.file } : {}
  const all: any[] = []
  for (let next: { command: string; args: Args } | undefined = { command, args }; next;) {
    const output = await runConnector(
      t,
      'xsoar',
      { script: UNIFIED.script.script, settings, ...next },
      env,
    )
    all.push(output)
    const polling = output.results.find((entry: Args) => entry.PollingCommand)
    next = polling && { command: polling.PollingCommand, args: polling.PollingArgs }
  }
  return { entries: all.at(-1).results as any[], all }
}

/** The outputs below a context path. */
function contextOf(entries: any[], path: string): any[] {
  return entries
    .flatMap(({ EntryContext = {} }) => Object.entries(EntryContext ?? {}))
    .filter(([key]) => key.startsWith(`AWS.CloudTrail.${path}(`))
    .flatMap(([, value]) => value as any)
}

async function shownOf(t: Test, way: Way, command: string, args: Args): Promise<Shown> {
  const { entries, all } = await run(t, way, command, args)
  const isError = entries.some(({ Type }) => Type === ERROR)
  const text = entries
    .filter(({ Type }) => Type === ERROR || Type === WARNING)
    .map(({ Contents, HumanReadable }) => HumanReadable ?? Contents)
    .join('\n')
  // what was started is shown in the table alone
  const table = entries.flatMap(({ HumanReadable = '' }) => HumanReadable?.split('\n') ?? [])
  const listed = table.filter((line: string) => /^\|(?!Name|---)/.test(line))
  const trails = contextOf(entries, 'Trails')
  return { isError, text, rows: trails.length > 0 ? trails : listed, all }
}

t.test('Cortex XSOAR', async (t) => {
  checkConnector(t, {
    testConnection: async (t, way) => {
      const { entries, all } = await run(t, way, 'test-module', {})
      const [result] = entries
      return { isError: result !== 'ok', text: result?.Contents ?? '', rows: [], all }
    },
    startLogging: (t, way, trails) =>
      shownOf(t, way, 'aws-cloudtrail-start-logging', { name: trails.join(',') }),
    getTrails: (t, way, trails) =>
      shownOf(t, way, 'aws-cloudtrail-get-trails', { trailNames: trails }),
  })

  t.test(
    'the proxy of the environment is used when the setting says so, and only then',
    async (t) => {
      const service = await startSandboxService(t)
      const proxy = await startFront(t, service.url)
      const call = async (use: boolean) => {
        const settings = { url: service.url, proxy: use }
        const script = UNIFIED.script.script
        const env = { HTTP_PROXY: proxy.url, http_proxy: proxy.url }
        return runConnector(t, 'xsoar', { script, settings, command: 'test-module', args: {} }, env)
      }
      t.match(await call(false), { results: ['ok'] })
      t.equal(proxy.requests.length, 0)
      t.match(await call(true), { results: ['ok'] })
      t.equal(proxy.requests.length, 1)
    },
  )

  t.test('a failed command leaves what a playbook branches on', async (t) => {
    const service = await startSandboxService(t)
    const way = { url: service.url, key: '' }
    const { entries } = await run(t, way, 'aws-cloudtrail-stop-logging', { name: 'no-such-trail' })
    t.match(contextOf(entries, 'LastRun'), [
      {
        Command: 'stop-logging',
        ReturnData: 'Failed',
        Errors: [{ Input: 'no-such-trail', Code: 'TrailNotFoundException', Retryable: false }],
      },
    ])
  })

  t.test('arguments and outputs are those of AWS - CloudTrail', async (t) => {
    const service = await startSandboxService(t)
    const way = { url: service.url, key: '' }
    const created = await run(t, way, 'aws-cloudtrail-create-trail', {
      name: 'audit-2026',
      s3BucketName: 'acme-cloudtrail-logs',
      isMultiRegionTrail: 'True',
      enableLogFileValidation: 'False',
    })
    t.match(contextOf(created.entries, 'Trails'), [
      {
        Name: 'audit-2026',
        S3BucketName: 'acme-cloudtrail-logs',
        IncludeGlobalServiceEvents: true,
        IsMultiRegionTrail: true,
        LogFileValidationEnabled: false,
        TrailARN: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/audit-2026',
        HomeRegion: 'us-east-1',
      },
    ])
    const updated = await run(t, way, 'aws-cloudtrail-update-trail', {
      name: 'audit-2026',
      enableLogFileValidation: 'true',
    })
    t.match(contextOf(updated.entries, 'Trails'), [
      { S3BucketName: 'acme-cloudtrail-logs', LogFileValidationEnabled: true },
    ])
    const described = await run(t, way, 'aws-cloudtrail-describe-trails', {
      trailNameList: 'audit-2026,data-events',
      includeShadowTrails: 'False',
    })
    t.equal(contextOf(described.entries, 'Trails').length, 2)
    const status = await run(t, way, 'aws-cloudtrail-get-trail-status', {
      name: 'management-events',
      region: 'us-east-1',
    })
    t.match(contextOf(status.entries, 'TrailStatus'), [
      {
        Name: 'management-events',
        IsLogging: true,
        StartLoggingTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$/,
      },
    ])
    const deleted = await run(t, way, 'aws-cloudtrail-delete-trail', { name: 'audit-2026' })
    t.match(deleted.entries[0].HumanReadable, /audit-2026/)
  })

  t.test('a dry run shows the planned call, and puts no trail into the context', async (t) => {
    const service = await startSandboxService(t)
    const way = { url: service.url, key: '' }
    const { entries } = await run(t, way, 'aws-cloudtrail-create-trail', {
      ...{ name: 'audit-2026', s3BucketName: 'acme-cloudtrail-logs', dryRun: 'True' },
    })
    t.match(entries[0].HumanReadable, /CreateTrail.*audit-2026/)
    t.strictSame(contextOf(entries, 'Trails'), [])
    t.match(contextOf(entries, 'LastRun'), [{ ReturnData: 'Successful' }])
  })

  t.test('events are those of AWS - CloudTrail: first resource, event as text', async (t) => {
    const service = await startSandboxService(t)
    const way = { url: service.url, key: '' }
    const found = await run(t, way, 'aws-cloudtrail-lookup-events', {
      attributeKey: 'EventName',
      attributeValue: 'StopLogging',
      startTime: new Date(Date.now() - 80 * 86_400_000).toISOString().slice(0, 19),
      limit: '5',
    })
    const events = contextOf(found.entries, 'Events')
    t.ok(events.length > 0)
    t.match(events[0], {
      EventId: String,
      EventName: 'StopLogging',
      EventTime: /\+00:00$/,
      EventSource: 'cloudtrail.amazonaws.com',
      Username: String,
      ResourceName: String,
      ResourceType: 'AWS::CloudTrail::Trail',
      CloudTrailEvent: /^\{.*"eventName":\s*"StopLogging"/,
    })
  })

  t.test('region and roleArn do what they say, or are errors', async (t) => {
    const service = await startSandboxService(t)
    const way = { url: service.url, key: '' }
    const start = (args: Args, more?: Args) =>
      run(t, way, 'aws-cloudtrail-start-logging', args, more)
    const elsewhere = await start({ name: 'data-events', region: 'eu-central-2' })
    t.match(elsewhere.entries[0].Contents, /There is no trail data-events in eu-central-2/)
    const here = await start({ name: 'data-events', region: 'us-east-1' })
    t.match(here.entries[0].HumanReadable, /trail\/data-events/)
    const created = await run(t, way, 'aws-cloudtrail-create-trail', {
      ...{ name: 'audit-2026', s3BucketName: 'acme-cloudtrail-logs', region: 'eu-west-1' },
    })
    t.match(created.entries[0].Contents, /region: the connection creates trails in us-east-1/)
    const role = { name: 'data-events', roleArn: 'arn:aws:iam::111122223333:role/soar' }
    const unknown = await start(role)
    t.match(unknown.entries[0].Contents, /roleArn: no connection is set for this role/)
    const known = await start(role, { role_connections: `${role.roleArn}=default\n` })
    t.match(known.entries[0].HumanReadable, /data-events/)
  })

  t.test("the pack's own tests pass", async (t) => {
    const { url } = await startSandboxService(t)
    const pack = 'connectors/xsoar/CloudTrailCommands/Integrations/CloudTrailCommands'
    const { stdout } = await promisify(execFile)(
      'python3',
      ['-B', '-m', 'pytest', '-q', '-p', 'no:cacheprovider', pack],
      {
        env: {
          PATH: process.env.PATH ?? '',
          PYTHONPATH: `${resolve('test/connectors/stubs/xsoar')}:${resolve(pack)}`,
          CLOUDTRAIL_COMMANDS_URL: url,
        },
      },
    )
    t.match(stdout, /\d+ passed/)
    t.notMatch(stdout, /skipped/)
  })

  t.test('the playbook finds who stopped logging, and starts the trail again', async (t) => {
    const service = await startSandboxService(t)
    const file =
      'connectors/xsoar/CloudTrailCommands/Playbooks/playbook-CloudTrail_Start_Logging_Again.yml'
    const runCommand = async (name: string, args: Args) =>
      (await run(t, { url: service.url, key: '' }, name, args)).entries
    const trails = ['management-events', 'data-events']
    await service.run('start-logging', { trailNames: trails })
    await service.run('stop-logging', { trailNames: ['data-events'] })
    const isLogging = async () => {
      const { body } = await service.run('get-trail-status', { trailNames: trails })
      return body.contextData.map(({ data }) => data?.isLogging)
    }
    t.same(await isLogging(), [true, false])
    const { tasks, context } = await runPlaybook(file, runCommand)
    t.match(tasks, ['', 'Who stopped logging?', 'Was a trail stopped?', 'Do the trails log now?'])
    t.same(tasks.slice(4), ['Is a trail still stopped?', 'Start logging again', 'Done'])
    t.match(context.AWS.CloudTrail.Events, [{ EventName: 'StopLogging', Username: String }])
    t.same(await isLogging(), [true, true])
    // every trail logs now, so that nothing is left to start
    const again = await runPlaybook(file, runCommand)
    t.same(again.tasks.slice(4), ['Is a trail still stopped?', 'Done'])
  })
})
