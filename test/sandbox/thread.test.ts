import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import t from 'tap'
import { startSandboxThread } from '../../src/sandbox/thread.js'

t.test('the sandbox responds while the thread that started it is busy', async (t) => {
  const sandbox = await startSandboxThread({ port: 0 })
  t.teardown(() => sandbox.close())
  t.equal(sandbox.accountId, '111122223333')
  // this thread waits for the other process
  const client = spawnSync(
    process.execPath,
    ['-e', `fetch('${sandbox.url}/sandbox/faults').then(({ status }) => console.log(status))`],
    { encoding: 'utf8', timeout: 60_000 },
  )
  t.match(client, { status: 0, stdout: '200\n' })
})

t.test('a closed sandbox listens no more, and a second close waits for the first', async (t) => {
  const sandbox = await startSandboxThread({ port: 0 })
  await Promise.all([sandbox.close(), sandbox.close()])
  await t.rejects(fetch(sandbox.url), { cause: { code: 'ECONNREFUSED' } })
})

t.test('an error of the start keeps its cause', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  await t.rejects(startSandboxThread({ port }), {
    message: /cannot listen/,
    cause: { code: 'EADDRINUSE' },
  })
})
