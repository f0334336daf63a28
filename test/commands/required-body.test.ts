import t from 'tap'
import { CATALOG } from '../../src/commands/catalog.js'
import { startSandboxService } from '../support/service.js'

t.test('a write without a JSON object as body is 400, and writes nothing', async (t) => {
  const service = await startSandboxService(t)
  const trails = async () =>
    (await service.run('get-event-selectors', { trailNames: ['data-events'] })).body.rawData
  const before = await trails()
  for (const { name } of CATALOG.filter(({ scope }) => scope === 'write')) {
    for (const sent of [{}, { body: '[]' }, { body: 'null' }, { body: '""' }, { body: '{}' }]) {
      const headers = 'body' in sent ? { 'content-type': 'application/json' } : {}
      const response = await service.fetch(`/commands/${name}`, {
        method: 'POST',
        headers,
        ...sent,
      })
      t.equal(response.status, 400, `${name} ${JSON.stringify(sent)}`)
    }
  }
  t.same(await trails(), before)
})

t.test('Put Event Selectors on every trail says what to log', async (t) => {
  const service = await startSandboxService(t)
  const { status, body } = await service.run('put-event-selectors', { replaceExisting: true })
  t.equal(status, 400)
  t.match(body.errors, [{ field: 'trailNames', message: /at least one of readWriteType/ }])
})

t.test('reads that require no field take no body, and OpenAPI says which', async (t) => {
  const service = await startSandboxService(t)
  const document = (await (await service.fetch('/openapi.json')).json()) as Record<string, any>
  const without = ['describe-trails', 'list-trails', 'lookup-events', 'test-connection']
  for (const { name } of CATALOG) {
    const { $ref } = document.paths[`/commands/${name}`].post.requestBody
    const requestBody = document.components.requestBodies[$ref.split('/').at(-1)]
    t.equal(requestBody.required, !without.includes(name), name)
  }
  for (const name of without) {
    const response = await service.fetch(`/commands/${name}`, { method: 'POST' })
    t.equal(response.status, 200, name)
  }
})

t.test('an item of a list has a maximum length, and errors cut what they quote', async (t) => {
  const service = await startSandboxService(t)
  const long = 'x'.repeat(900_000)
  for (const [command, body, field] of [
    ['get-trails', { trailNames: [long] }, 'trailNames[0]'],
    ['list-tags', { trailArns: [`arn:aws:cloudtrail:${long}`] }, 'trailArns[0]'],
    ['list-trails', { regions: [long] }, 'regions[0]'],
    ['put-event-selectors', { dataEventsS3: [`arn:aws:s3:::${long}/`] }, 'dataEventsS3[0]'],
    ['list-trails', { [long]: 1 }, undefined],
  ] as const) {
    const { status, body: response } = await service.run(command, body)
    t.equal(status, 400)
    if (field !== undefined) t.match(response.errors, [{ field }])
    t.ok(JSON.stringify(response).length < 5_000, `${command} responds with little`)
  }
  const trail = `arn:${'y'.repeat(500)}`
  const { body } = await service.run('get-trails', { trailNames: [trail] })
  t.ok((body.errors[0]?.message.length ?? 1_000) < 300, 'the ARN is cut')
})
