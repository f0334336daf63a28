import t from 'tap'
import { json, startEndpoint } from '../../support/endpoint.js'
import { startServiceAt } from '../../support/service.js'

t.test('sends keep-alive lines while a stream has no rows', async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response) => {
    // longer than a stream is silent
    setTimeout(() => json(response, { Events: [] }), 11_000)
  })
  const service = await startServiceAt(t, endpoint.url)
  const response = await service.fetch('/commands/lookup-events', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
    body: JSON.stringify({ limit: 1 }),
  })
  t.equal(response.status, 200)
  const lines = (await response.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object)
  t.match(lines, [
    { keepAlive: { rows: 0 } },
    { envelope: { command: 'lookup-events', returnData: 'Successful' } },
  ])
  t.equal(lines.length, 2)
})

t.test('streams only where the accept header takes the media type', async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response) => json(response, { Events: [] }))
  const service = await startServiceAt(t, endpoint.url)
  const typeFor = async (accept: string) => {
    const response = await service.fetch('/commands/lookup-events', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: '{}',
    })
    await response.text()
    return response.headers.get('content-type')
  }
  for (const accept of ['application/x-ndjson', 'text/plain, Application/X-NDJSON;q=0.5']) {
    t.equal(await typeFor(accept), 'application/x-ndjson', accept)
  }
  for (const accept of [
    'application/x-ndjson;q=0',
    'application/json, application/x-ndjson; q=0.0',
  ]) {
    t.equal(await typeFor(accept), 'application/json; charset=utf-8', accept)
  }
})
