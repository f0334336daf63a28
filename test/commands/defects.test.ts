import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { CATALOG } from '../../src/commands/catalog.js'
import type { CommandDefinition } from '../../src/commands/define-command.js'
import { runPerTrail } from '../../src/commands/run-per-trail.js'
import { startCollector } from '../support/collector.js'
import { json, startEndpoint } from '../support/endpoint.js'
import { startServiceAt } from '../support/service.js'
import { testDirectory } from '../support/test-directory.js'

type Operation = 'GetTrailStatus' | 'StopLogging'

/** Makes a write command throw after AWS's response to its first write, until the test ends. */
function breakAfterWrite(t: Test): void {
  const command = CATALOG.find(({ name }) => name === 'stop-logging')!
  t.intercept(command, 'run', {
    configurable: true,
    writable: true,
    value: (async (_body, cloudTrail) => {
      await cloudTrail.send('StopLogging', { Name: 'first' })
      throw new TypeError('a defect')
    }) as CommandDefinition['run'],
  })
}

/** The entries of an audit file. */
const entriesOf = (path: string) =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

/** Gives a command a defect until the test ends: for the trail `odd` it throws after AWS's response. */
function breakCommand(t: Test, name: string, operation: Operation): void {
  const command = CATALOG.find((one) => one.name === name)!
  t.intercept(command, 'run', {
    configurable: true,
    writable: true,
    value: ((body, cloudTrail) =>
      runPerTrail(body.trailNames as string[], cloudTrail, async (trail, home) => {
        const response = await home.send(operation, { Name: trail })
        if (trail === 'odd') throw new TypeError('a defect')
        const data: object = {
          name: trail,
          ...(operation === 'GetTrailStatus' && { isLogging: true }),
        }
        return { data, body: response.body }
      })) as CommandDefinition['run'],
  })
}

t.test('a defect after a write keeps the other rows, and leaves its outcome unknown', async (t) => {
  breakCommand(t, 'stop-logging', 'StopLogging')
  const endpoint = await startEndpoint(t, (_arrival, response) => json(response, {}))
  const service = await startServiceAt(t, endpoint.url)
  const key = { 'idempotency-key': 'odd' }
  const body = { trailNames: ['first', 'odd', 'last'] }
  const first = await service.run('stop-logging', body, key)
  t.equal(first.status, 207)
  t.match(
    first.body.contextData.map(({ input, result }) => `${input} ${result}`),
    ['first Successful', 'odd Failed', 'last Successful'],
  )
  t.match(first.body.errors, [{ code: 'OutcomeUnknown', input: 'odd', retryable: false }])
  const calls = endpoint.arrivals.length
  t.same((await service.run('stop-logging', body, key)).body, first.body)
  t.equal(endpoint.arrivals.length, calls, 'the record of the key is kept')
  t.match(
    service.log.find(({ msg }) => String(msg).includes('defect')),
    { err: { type: 'TypeError' } },
  )
})

t.test(
  'the outcome of a write that a defect ends is unknown, in response, log, audit log and trace',
  async (t) => {
    breakAfterWrite(t)
    const endpoint = await startEndpoint(t, (_arrival, response) => json(response, {}))
    const collector = await startCollector(t)
    const AUDIT_FILE = join(testDirectory(t), 'audit')
    const service = await startServiceAt(t, endpoint.url, {
      AUDIT_FILE,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    })
    const { status, body } = await service.run('stop-logging', { trailNames: ['first', 'last'] })
    t.equal(status, 504)
    t.match(body.errors, [{ code: 'OutcomeUnknown', retryable: false }])
    t.match(
      service.log.find(({ msg }) => String(msg).includes('defect')),
      { err: { type: 'TypeError' } },
    )
    await service.audited()
    const [intent, outcome] = entriesOf(AUDIT_FILE)
    t.match(intent, { phase: 'intent', command: 'stop-logging' })
    t.match(outcome, {
      id: intent!.id,
      phase: 'outcome',
      result: 'Failed',
      inputs: [{ input: 'first' }, { input: 'last' }],
      errors: [{ code: 'OutcomeUnknown' }],
    })
    const { root } = await collector.trace('stop-logging')
    t.match(root, { status: 2, attributes: { 'error.type': 'TypeError' } })
  },
)

t.test('an idempotency key keeps that the outcome of its write is unknown', async (t) => {
  breakAfterWrite(t)
  const endpoint = await startEndpoint(t, (_arrival, response) => json(response, {}))
  const service = await startServiceAt(t, endpoint.url)
  const run = () =>
    service.run('stop-logging', { trailNames: ['first'] }, { 'idempotency-key': 'odd' })
  const first = await run()
  t.equal(first.status, 504)
  const again = await run()
  t.same(again.body, first.body)
  t.equal(again.headers.get('idempotency-replayed'), 'true')
  t.equal(endpoint.arrivals.length, 1, 'the write is not sent again')
})

t.test('a defect in a read is an internal error of its input alone', async (t) => {
  breakCommand(t, 'get-trail-status', 'GetTrailStatus')
  const endpoint = await startEndpoint(t, (_arrival, response) =>
    json(response, { IsLogging: true }),
  )
  const service = await startServiceAt(t, endpoint.url)
  const { status, body } = await service.run('get-trail-status', { trailNames: ['odd', 'last'] })
  t.equal(status, 207)
  t.match(body.errors, [{ code: 'InternalError', input: 'odd' }])
  t.match(body.contextData, [{ result: 'Failed' }, { result: 'Successful' }])
})

t.test('a job of a read that a defect ends has the response of an internal error', async (t) => {
  const command = CATALOG.find(({ name }) => name === 'list-trails')!
  const run: CommandDefinition['run'] = () => Promise.reject(new TypeError('a defect'))
  t.intercept(command, 'run', { configurable: true, writable: true, value: run })
  const endpoint = await startEndpoint(t, (_arrival, response) => json(response, {}))
  const service = await startServiceAt(t, endpoint.url)
  const prefer = { prefer: 'respond-async, wait=30' }
  const { body } = await service.run('list-trails', {}, prefer)
  t.match(body, { returnData: 'Failed', errors: [{ code: 'InternalError', statusCode: 500 }] })
  t.match(
    service.log.find(({ msg }) => msg === 'a job failed in the service'),
    { err: { type: 'TypeError' } },
  )
})
