import t from 'tap'
import { CommandService } from '../../../src/service/command-service.js'
import { startSandboxService } from '../../support/service.js'

const STREAM = {
  method: 'POST',
  headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
  body: JSON.stringify({ limit: 10 }),
}

t.test('a defect of the service before the first line of a stream is 500', async (t) => {
  t.intercept(CommandService.prototype, 'stream', {
    value: () => Promise.reject(new TypeError('a defect')),
  })
  const service = await startSandboxService(t)
  const response = await service.fetch('/commands/lookup-events', STREAM)
  t.equal(response.status, 500)
  t.match(await response.json(), { errors: [{ code: 'InternalError' }] })
})

t.test('a defect after the first line cuts the stream and is logged', async (t) => {
  t.intercept(CommandService.prototype, 'stream', {
    value: async (...[, ended, openSink]: Parameters<CommandService['stream']>) => {
      await openSink(ended).checkpoint('a-token')
      throw new TypeError('a defect')
    },
  })
  const service = await startSandboxService(t)
  const read = async () => (await service.fetch('/commands/lookup-events', STREAM)).text()
  await t.rejects(read(), 'no client takes it for complete')
  t.match(
    service.log.find(({ msg }) => msg === 'a streamed command failed in the service'),
    { err: { type: 'TypeError' } },
  )
})

t.test(
  'a stream that is refused before its first row has the status and Retry-After',
  async (t) => {
    const service = await startSandboxService(t, { REDIS_URL: 'redis://127.0.0.1:1' })
    const response = await service.fetch('/commands/lookup-events', STREAM)
    t.equal(response.status, 503)
    t.match(response.headers.get('retry-after'), /^\d+$/)
    const lines = (await response.text()).trimEnd().split('\n')
    t.match(
      lines.map((line) => JSON.parse(line) as object),
      [{ envelope: { returnData: 'Failed', errors: [{ code: 'RedisUnavailable' }] } }],
    )
  },
)
