import t from 'tap'
import { commandPolicy } from '../../scripts/iam-policies.js'
import { OPERATIONS } from '../../src/aws/operations.js'
import { CATALOG } from '../../src/commands/catalog.js'
import { startSandboxService } from '../support/service.js'

/** The operations that a sandbox without seeded history has recorded. */
async function operationsAt(sandboxUrl: string): Promise<Set<string>> {
  const state = await (await fetch(`${sandboxUrl}/sandbox/state`)).text()
  const names = [...state.matchAll(/"eventName\\?": ?\\?"(\w+)\\?"/gi)].map(([, name = '']) => name)
  return new Set(names)
}

for (const command of CATALOG) {
  const { name, iamActions, examples, scope } = command
  t.test(`the policy of ${name} allows every operation that it calls`, async (t) => {
    const service = await startSandboxService(t, {}, { events: 0 })
    const allowed = commandPolicy(command).Statement.flatMap(({ Action }) => Action)
    const called = new Set<string>()
    // a response that is lost makes a write read the trail
    const [, operation = ''] = iamActions[0].split(':')
    const fault = JSON.stringify({ operation, kind: 'reset', afterEffect: true })
    for (const body of Object.values(examples)) {
      if (scope === 'write') {
        await fetch(`${service.sandbox.url}/sandbox/reset`, { method: 'POST' })
        await fetch(`${service.sandbox.url}/sandbox/faults`, { method: 'POST', body: fault })
      }
      await service.run(name, body)
      for (const one of await operationsAt(service.sandbox.url)) called.add(one)
    }
    t.comment([...called].join(', '))
    t.ok(called.size > 0)
    for (const one of called) t.ok(allowed.includes(`cloudtrail:${one}`), one)
  })
}

t.test('the policies name operations that exist, and every operation is in one', async (t) => {
  const actions = new Set(
    CATALOG.flatMap((command) => commandPolicy(command).Statement)
      .flatMap(({ Action }) => Action)
      .filter((action) => action.startsWith('cloudtrail:')),
  )
  t.same([...actions].sort(), OPERATIONS.map((operation) => `cloudtrail:${operation}`).sort())
})
