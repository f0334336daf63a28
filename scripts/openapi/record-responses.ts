import FakeTimers from '@sinonjs/fake-timers'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ServerResponse } from 'node:http'
import { pino } from 'pino'
import { buildApp } from '../../src/app.js'
import { CATALOG } from '../../src/commands/catalog.js'
import type { CommandDefinition } from '../../src/commands/define-command.js'
import { readConfig } from '../../src/config.js'
import { startSandbox } from '../../src/sandbox/sandbox.js'
import { rebuild } from '../../src/plugins/openapi/document.js'
import type { RecordedResponse } from '../../src/routes/commands/recorded-responses.js'

/** The time of the recorded responses. */
const NOW = Date.UTC(2026, 10, 26, 9)

/** The sandbox's address as its users have it; the recorded one has any free port. */
const SANDBOX_URL = 'http://127.0.0.1:4010'

/** Values that differ from run to run, and what stands in their place. */
const FIXED: Record<string, unknown> = {
  requestId: 'soar-4711',
  awsRequestId: '9f1c6f0e-5f3b-4f1e-8a55-3d1f6f0c2b7a',
  queuedMs: 0,
  durationMs: 143,
}

/**
 * Runs the first example of every command on one sandbox: the reads first, which show it as it starts.
 *
 * @returns the responses, by command: the same for the same code
 * @throws {Error} when an example fails
 */
export async function recordResponses(): Promise<Record<string, RecordedResponse>> {
  const clock = FakeTimers.install({ now: NOW, toFake: ['Date'] })
  // Node.js writes the real time, to which the SDK would adjust its signatures
  subscribe('http.server.request.start', setDate)
  const sandbox = await startSandbox({ port: 0, quotas: false })
  const app = await buildApp(readConfig({ AUTH: 'none', QUOTA_WRITE_TPS: '1000' }), {
    logger: pino({ level: 'silent' }),
    sandbox,
    audit: { write: () => Promise.resolve() },
  })
  try {
    const recorded: Record<string, RecordedResponse> = {}
    for (const { name, examples } of CATALOG.toSorted((one, other) => turnOf(one) - turnOf(other))) {
      const [summary = '', payload = {}] = Object.entries(examples)[0] ?? []
      const url = `/commands/${name}`
      const { statusCode, body } = await app.inject({ method: 'POST', url, payload })
      if (statusCode >= 300) throw new Error(`${name}, ${summary}: ${statusCode} ${body}`)
      const value = withFixedValues(JSON.parse(body.replaceAll(sandbox.url, SANDBOX_URL)))
      recorded[name] = { summary, value }
    }
    return recorded
  } finally {
    await app.close()
    await sandbox.close()
    unsubscribe('http.server.request.start', setDate)
    clock.uninstall()
  }
}

/** Reads, writes, and the deletion, after which no other write finds its trail. */
const turnOf = ({ name, scope }: CommandDefinition) =>
  scope === 'read' ? 0 : name === 'delete-trails' ? 2 : 1

function setDate(message: unknown): void {
  const { response } = message as { response: ServerResponse }
  response.setHeader('date', new Date().toUTCString())
}

function withFixedValues(response: unknown): unknown {
  return rebuild(response, (object) =>
    Object.fromEntries(
      Object.entries(object).map(([name, value]) => [name, name in FIXED ? FIXED[name] : value]),
    ),
  )
}
