import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { apiClassOf } from '../../../src/aws/api-class.js'
import type { Operation } from '../../../src/aws/operations.js'
import { CATALOG } from '../../../src/commands/catalog.js'
import { startSandbox } from '../../../src/sandbox/sandbox.js'
import { startEndpoint, type Arrival } from '../../support/endpoint.js'
import { startProcess } from '../../support/process.js'
import { ACCESS_KEY, NO_QUOTA } from '../../support/service.js'
import { testDirectory } from '../../support/test-directory.js'

const trailNames = ['data-events', 'insights', 'management-events']
const trailArn = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/data-events'

/** A body of every write command that makes writes in the sandbox. */
const BODIES: Record<string, object> = {
  'create-trails': { trailNames: ['one', 'two', 'three'], s3BucketName: 'acme-cloudtrail-logs' },
  'delete-trails': { trailNames },
  'put-event-selectors': { readWriteType: 'All', replaceExisting: true },
  'put-insight-selectors': { trailNames, insightTypes: [], replaceExisting: true },
  'add-tags': { trailArn, tags: [{ key: 'Owner', value: 'soar' }] },
  'remove-tags': { trailArn, tagKeys: ['Owner'] },
  'start-logging': { trailNames },
  'stop-logging': { trailNames },
  'update-trails': { trailNames, s3BucketName: 'acme-cloudtrail-logs' },
}

/** The sandbox, behind an endpoint that reports each write before the sandbox gets it. */
async function startCountedSandbox(t: Test) {
  const sandbox = await startSandbox({ port: 0, quotas: false })
  t.teardown(() => sandbox.close())
  const writes: Arrival[] = []
  const on = { write: (_count: number): void => undefined }
  const endpoint = await startEndpoint(t, (arrival, response) => {
    if (apiClassOf(arrival.operation as Operation) === 'write') on.write(writes.push(arrival))
    const { host: _host, 'content-length': _length, ...headers } = arrival.headers
    const forward = async () => {
      const answer = await fetch(sandbox.url, {
        method: 'POST',
        headers: headers as Record<string, string>,
        body: JSON.stringify(arrival.input),
      })
      response.writeHead(answer.status, Object.fromEntries(answer.headers))
      response.end(await answer.text())
    }
    void forward().catch(() => response.destroy())
  })
  return { url: endpoint.url, writes, on }
}

/** Entries of the audit log among the lines of a text. */
function entriesOf(text: string): Record<string, any>[] {
  return text
    .split('\n')
    .filter((line) => line.includes('"audit":true'))
    .map((line) => JSON.parse(line) as Record<string, any>)
}

/** The trail of a write: a name or an ARN. */
function trailOf({ input }: Arrival): string {
  return String(input.Name ?? input.TrailName ?? input.ResourceId)
}

for (const destination of ['a file', 'standard output']) {
  t.test(`kill -9 leaves no change without an intent in ${destination}`, async (t) => {
    const names = CATALOG.filter(({ scope }) => scope === 'write').map(({ name }) => name)
    t.same(Object.keys(BODIES).sort(), [...names].sort(), 'every write command')
    const file = join(testDirectory(t), 'audit.ndjson')
    for (const [index, [command, body]] of Object.entries(BODIES).entries()) {
      const { url, writes, on } = await startCountedSandbox(t)
      const env = {
        ...NO_QUOTA,
        AUTH: 'none',
        PORT: '0',
        CLOUDTRAIL_SERVER_URL: url,
        ENDPOINT_ALLOWLIST: url,
        CLOUDTRAIL_ACCESS_KEY: ACCESS_KEY,
        CLOUDTRAIL_ACCESS_SECRET: 'not-a-secret',
        ...(destination === 'a file' && { AUDIT_FILE: file }),
      }
      const started = startProcess(t, env)
      const { child } = started
      let output = ''
      child.stdout!.on('data', (text: string) => (output += text))
      const service = /(http:[^"]+)/.exec(await started.line(/Server listening/))![1]!
      // commands of one write are killed at it, others in their middle
      const last = 'trailArn' in body ? 1 : 1 + (index % 3)
      on.write = (count) => {
        if (count === last) child.kill('SIGKILL')
      }
      const requestId = `${command}-killed`
      await t.rejects(
        fetch(`${service}/commands/${command}`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'x-request-id': requestId,
            'idempotency-key': command,
          },
          body: JSON.stringify(body),
        }),
        `${command} was killed`,
      )
      await started.exit()
      const entries = entriesOf(destination === 'a file' ? readFileSync(file, 'utf8') : output)
      const intent = entries.find((one) => one.requestId === requestId && one.phase === 'intent')
      t.match(intent, { id: String, command, idempotencyKeySha256: /^[0-9a-f]{64}$/ })
      const inputs = (intent!.inputs as { input: string }[]).map(({ input }) => input)
      t.ok(writes.length >= last, `${command}: ${writes.length} writes arrived`)
      for (const write of writes) {
        t.ok(inputs.includes(trailOf(write)), `${write.operation} ${trailOf(write)}`)
      }
    }
    if (destination !== 'a file') return
    const next = startProcess(t, {
      SANDBOX: 'true',
      SANDBOX_PORT: '0',
      PORT: '0',
      AUDIT_FILE: file,
    })
    let output = ''
    next.child.stdout!.on('data', (text: string) => (output += text))
    await next.line(/Server listening/)
    const reported = output
      .split('\n')
      .filter((line) => line.includes('an earlier process exited during this write'))
    t.equal(reported.length, names.length, 'the next start reports every intent without outcome')
  })
}
