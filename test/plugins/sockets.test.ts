import t from 'tap'
import { sendRaw } from '../support/raw-http.js'
import { startSandboxService } from '../support/service.js'

/** What clients have sent when the service shuts down, none of it a whole request. */
const UNFINISHED = {
  nothing: '',
  'half of the headers': 'GET /livez HTTP/1.1\r\nhost: localhost',
  'half of a body':
    'POST /commands/list-trails HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{}',
  'a request, and half of the next':
    'GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\nGET /livez HTTP/1.1\r\nhost: localhost',
}

for (const [what, bytes] of Object.entries(UNFINISHED)) {
  t.test(
    `shuts down at once although a client has sent ${what}`,
    { timeout: 20_000 },
    async (t) => {
      const service = await startSandboxService(t)
      const closed = sendRaw(service, bytes)
      // the service has accepted the connection, and read what was sent
      t.equal((await service.fetch('/livez')).status, 200)
      const [response] = await Promise.all([closed, service.close()])
      t.equal(response.includes('200 OK'), what.startsWith('a request,'))
    },
  )
}
