import { pino } from 'pino'
import t from 'tap'
import { buildApp } from '../../src/app.js'
import { readConfig } from '../../src/config.js'

t.test('returns 503 with Retry-After to commands during shutdown', async (t) => {
  const app = await buildApp(readConfig({ AUTH: 'none' }), {
    logger: pino({ level: 'silent' }),
    audit: { write: () => Promise.resolve() },
  })
  let release: () => void = () => undefined
  const gate = new Promise<void>((resolve) => (release = resolve))
  let ending: () => void = () => undefined
  const ended = new Promise<void>((resolve) => (ending = resolve))
  app.addHook('preClose', async () => {
    ending()
    await gate
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const closed = app.close()
  await ended
  const response = await fetch(`${url}/commands/list-trails`, { method: 'POST' })
  release()
  t.equal(response.status, 503)
  t.match(response.headers.get('retry-after'), /^[1-9]\d*$/)
  t.equal(response.headers.get('connection'), 'close')
  t.match(await response.json(), {
    command: 'list-trails',
    returnData: 'Failed',
    errors: [{ code: 'ShuttingDown', statusCode: 503, source: 'service', retryable: true }],
  })
  await closed
})
