import { readFile } from 'node:fs/promises'
import t from 'tap'
import { startSandboxService } from './support/service.js'

t.test("README's curl is answered as README says", async (t) => {
  const readme = await readFile('README.md', 'utf8')
  const body = /-d '(\{"trailNames".*\})'/.exec(readme)?.[1] ?? ''
  const shown = /<!-- answer -->\s*```json\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
  t.not(body, '')
  const service = await startSandboxService(t)
  const answer = await service.run('create-trails', body, { 'x-request-id': 'incident-4711' })
  t.equal(answer.status, 207)
  const expected = JSON.parse(shown) as { errors: unknown[] }
  t.match(answer.body, expected)
  t.strictSame(answer.body.errors[0], expected.errors[0], 'member by member')
  t.equal(answer.body.meta.requestId, 'incident-4711')
})
