import t from 'tap'
import { envelopeOf, sendRaw } from '../support/raw-http.js'
import { startSandboxService } from '../support/service.js'

t.test('returns 408 to a client that sends too slowly', async (t) => {
  const service = await startSandboxService(t)
  const head = 'POST /commands/list-trails HTTP/1.1\r\nhost: localhost\r\n'
  const [headers, body] = await Promise.all([
    sendRaw(service, head),
    sendRaw(service, `${head}content-type: application/json\r\ncontent-length: 10\r\n\r\n{`),
  ])
  for (const answer of [headers, body]) {
    t.match(answer, /^HTTP\/1\.1 408 /)
    t.match(envelopeOf(answer).errors, [{ code: 'RequestTimeout', statusCode: 408 }])
  }
})
