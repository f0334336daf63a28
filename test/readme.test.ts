import { readFile } from 'node:fs/promises'
import t from 'tap'
import type { ServiceResponse } from './support/service.js'
import { startSandboxService } from './support/service.js'

const README = await readFile('README.md', 'utf8')

t.test("README's curl gets the whole response that README shows", async (t) => {
  const body = /-d '(\{"trailNames".*\})'/.exec(README)?.[1] ?? ''
  const shown = /<!-- response -->\s*```json\n([\s\S]*?)```/.exec(README)?.[1] ?? ''
  const service = await startSandboxService(t)
  const response = await service.run('create-trails', body, { 'x-request-id': 'incident-4711' })
  t.equal(response.status, 207)
  const expected = JSON.parse(shown) as ServiceResponse['body']
  const { queuedMs, durationMs } = response.body.meta
  t.strictSame(response.body, { ...expected, meta: { ...expected.meta, queuedMs, durationMs } })
})

t.test('README says in its first lines how Cortex XSOAR uses the service', async (t) => {
  const firstScreen = README.split('\n').slice(0, 60).join('\n')
  t.match(firstScreen, /XSOAR\*\*: \[install .*\]\(docs\/connectors\/xsoar\.md\).* API key/)
})

t.test(
  'README has at most 150 lines, and the commands that a stranger copies on one line',
  async (t) => {
    t.ok(README.split('\n').length <= 151, `${README.split('\n').length} lines`)
    t.match(README, /^npm ci && npm run sandbox$/m)
    t.match(README, 'npm ci && npm test')
    t.notMatch(README, 'AUTH=none')
  },
)
