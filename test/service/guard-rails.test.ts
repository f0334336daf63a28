import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { CATALOG } from '../../src/commands/catalog.js'
import { keysFile } from '../support/keys.js'
import { startSandboxService } from '../support/service.js'
import { waitFor } from '../support/wait-for.js'
import { testDirectory } from '../support/test-directory.js'

t.test('refuses a write to a protected trail, however its name is written', async (t) => {
  const service = await startSandboxService(t, {
    PROTECTED_TRAILS:
      'Management-*, arn:aws:cloudtrail:us-east-1:111122223333:trail/data-event?, other',
  })
  const arn = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events'
  const trailNames = ['management-events', arn, 'data-events', 'no-such-trail']
  const bodies = {
    'delete-trails': { trailNames },
    'stop-logging': { trailNames },
    'update-trails': { trailNames, s3BucketName: 'acme-cloudtrail-logs' },
    'put-event-selectors': { trailNames, replaceExisting: true },
    'put-insight-selectors': { trailNames, insightTypes: [] },
  }
  for (const [command, body] of Object.entries(bodies)) {
    const { body: answer } = await service.run(command, body)
    const codes = answer.errors.map(({ code, statusCode }) => `${code} ${statusCode}`)
    t.same(codes.slice(0, 3), Array(3).fill('ProtectedTrail 403'), command)
    t.match(codes[3], /^TrailNotFoundException/, command)
  }
  t.equal((await service.run('start-logging', { trailNames: [arn] })).status, 200)
})

t.test('matches globs over every part of an ARN, and bare names by it', async (t) => {
  const arn = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events'
  for (const [pattern, isProtected] of [
    ['arn:aws:cloudtrail:*:trail/management-events', true],
    ['arn:aws:cloudtrail:*/management-events', true],
    ['ARN:*:trail/Management-*', true],
    ['arn:aws:cloudtrail:us-east-?:*/management-events', true],
    ['arn:aws:cloudtrail:us-east-1:111122223333:trail/management-event?', true],
    ['arn:aws:cloudtrail:eu-west-1:*:trail/management-events', false],
    ['arn:aws-cn:*', false],
    ['arn:aws:cloudtrail:*:trail/data-events', false],
  ] as const) {
    const service = await startSandboxService(t, { PROTECTED_TRAILS: pattern })
    for (const trail of ['management-events', arn]) {
      const { body } = await service.run('stop-logging', { trailNames: [trail] })
      t.equal(body.errors[0]?.code === 'ProtectedTrail', isProtected, `${pattern} ${trail}`)
    }
  }
  const doubtful = await startSandboxService(t, {
    PROTECTED_TRAILS: 'arn:aws:cloudtrail:us-east-1:999988887777:trail/management-events',
  })
  const named = await doubtful.run('stop-logging', { trailNames: ['management-events'] })
  t.match(named.body.errors, [{ code: 'ProtectedTrail' }], 'whose account it is nobody vouches for')
  t.equal((await doubtful.run('stop-logging', { trailNames: [arn] })).status, 200)
  for (const pattern of ['*:trail/insights', 'a/b', 'trail/x']) {
    const env = { PROTECTED_TRAILS: pattern }
    await t.rejects(startSandboxService(t, env), /PROTECTED_TRAILS/, pattern)
  }
})

t.test('sends no write in a dry run of any write command', async (t) => {
  const service = await startSandboxService(t, { PROTECTED_TRAILS: 'management-events' })
  const trails = async () => (await service.run('describe-trails')).body.rawData
  const before = await trails()
  for (const { name, scope, examples } of CATALOG.filter((one) => one.scope === 'write')) {
    for (const body of Object.values(examples)) {
      const { body: answer } = await service.run(name, { ...body, dryRun: true })
      for (const { result, data, dryRun } of answer.contextData) {
        if (result === 'Failed') continue
        t.match(dryRun, { operation: String, input: Object }, `${name} ${scope}`)
        t.equal(data, undefined, 'data is for what was done')
      }
      const rows = answer.contextData.filter(({ result }) => result === 'Successful')
      t.ok(rows.length > 0 || answer.errors.length > 0, `${name} has rows`)
    }
  }
  t.same(await trails(), before)
  const refused = await service.run('delete-trails', {
    trailNames: ['management-events', 'x'],
    dryRun: true,
  })
  t.same(
    refused.body.errors.map(({ code }) => code),
    ['ProtectedTrail', 'InvalidTrailNameException'],
    'and refuses what would be refused',
  )
})

t.test('replaces advanced selectors by basic ones only when the request says so', async (t) => {
  const service = await startSandboxService(t)
  const trailNames = ['data-events']
  const advancedEventSelectors = [
    { name: 'all', fieldSelectors: [{ field: 'eventCategory', equals: ['Management'] }] },
  ]
  t.equal(
    (
      await service.run('put-event-selectors', {
        trailNames,
        advancedEventSelectors,
        replaceExisting: true,
      })
    ).status,
    200,
  )
  const kept = await service.run('put-event-selectors', { trailNames })
  t.same([kept.status, kept.body.errors[0]?.code], [409, 'WouldDropSelectors'])
  const given = await service.run('put-event-selectors', { trailNames, replaceExisting: true })
  t.equal(given.status, 200)
})

t.test(
  'writes the audit entries of a command, of a write before its response, without secrets',
  async (t) => {
    const { file, bearer, made } = keysFile(t)
    const AUDIT_FILE = `${file}.audit`
    const env = { AUTH: 'api-key', API_KEYS_FILE: file, AUDIT_FILE }
    const service = await startSandboxService(t, env)
    const lines = () =>
      readFileSync(AUDIT_FILE, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    const connection = {
      serverUrl: service.sandbox.url,
      accessKey: service.sandbox.accessKey,
      accessSecret: 'marked-secret',
      sessionToken: 'marked-token',
    }
    const trailNames = ['data-events', 'no-such-trail']
    await service.run('stop-logging', { trailNames, connection }, bearer('write'))
    const [intent, outcome] = lines()
    t.match(intent, {
      phase: 'intent',
      key: 'writer',
      connection: 'inline',
      command: 'stop-logging',
      inputs: trailNames.map((input) => ({ input })),
      requestId: String,
    })
    t.match(outcome, {
      id: intent!.id,
      phase: 'outcome',
      audit: true,
      time: /^\d{4}-/,
      key: 'writer',
      address: '127.0.0.1',
      connection: 'inline',
      identity: { accessKey: /^AKIA\*{12}[A-Z]{4}$/ },
      command: 'stop-logging',
      regions: ['us-east-1'],
      requestId: String,
      durationMs: Number,
    })
    t.equal(lines().length, 2)
    await service.run('list-trails', { nonsense: 1 }, bearer('read'))
    await service.audited()
    t.match(lines()[2], { result: 'Failed', status: 400 })
    await service.run('list-trails', {}, bearer('read'))
    await service.audited()
    t.match(lines()[3], { result: 'Successful', awsRequestIds: [String] })
    await service.run('stop-logging', { trailNames }, bearer('read'))
    await service.audited()
    t.match(lines()[4], { command: 'stop-logging', key: 'reader', result: 'Failed', status: 403 })
    await service.run('delete-trails', { trailNames }, { authorization: 'Bearer marked-key' })
    await service.audited()
    t.match(lines()[5], {
      command: 'delete-trails',
      address: '127.0.0.1',
      status: 401,
      errors: [{ code: 'UnknownApiKey' }],
    })
    t.equal(lines().length, 6)
    for (const written of [readFileSync(AUDIT_FILE, 'utf8'), JSON.stringify(service.log)]) {
      t.notMatch(written, /marked-/)
      t.notOk(written.includes(made.write.key))
    }
  },
)

t.test(
  'runs no write command while the audit log cannot be written, and still reads',
  async (t) => {
    const AUDIT_FILE = join(testDirectory(t), 'audit')
    const service = await startSandboxService(t, { AUDIT_FILE })
    rmSync(AUDIT_FILE)
    mkdirSync(AUDIT_FILE)
    t.equal((await service.run('list-trails')).status, 200)
    await waitFor('the entry of the read fails', () =>
      service.audited().then(
        () => false,
        () => true,
      ),
    )
    const stop = await service.run('stop-logging', { trailNames: ['data-events'] })
    t.same([stop.status, stop.body.errors[0]?.code], [503, 'AuditUnavailable'])
    t.ok(stop.headers.get('retry-after'))
    rmSync(AUDIT_FILE, { recursive: true })
    t.equal((await service.run('stop-logging', { trailNames: ['data-events'] })).status, 200)
    const commands = readFileSync(AUDIT_FILE, 'utf8').match(/"command":"[a-z-]+"/g)
    t.same(
      commands,
      ['list-trails', 'stop-logging', 'stop-logging', 'stop-logging'].map(
        (command) => `"command":"${command}"`,
      ),
      'waiting entries come first, that of the refused write too',
    )
  },
)

t.test('sends no write whose intent the audit log fails to take', async (t) => {
  const AUDIT_FILE = join(testDirectory(t), 'audit')
  const service = await startSandboxService(t, { AUDIT_FILE })
  // the intent is the first entry
  rmSync(AUDIT_FILE)
  mkdirSync(AUDIT_FILE)
  const stop = await service.run('stop-logging', { trailNames: ['data-events'] })
  t.equal(stop.status, 503)
  t.match(stop.body, { errors: [{ code: 'AuditUnavailable' }], meta: { apiCalls: 0 } })
  const { body } = await service.run('get-trail-status', { trailNames: ['data-events'] })
  t.match(body.contextData, [{ data: { isLogging: true } }])
})
