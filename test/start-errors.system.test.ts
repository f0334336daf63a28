import { text } from 'node:stream/consumers'
import t from 'tap'
import { BAD_CONNECTIONS, BAD_VALUES, withBadValue } from './support/bad-values.js'
import { startProcess } from './support/process.js'

/** Processes at a time. */
const AT_ONCE = 4

t.test(
  'exits with 1 for every bad value of every variable, and one line names the variable and the rule',
  async (t) => {
    const cases = [
      ...Object.entries(BAD_VALUES).map(([name, [, message]]) => [withBadValue(name), message]),
      ...BAD_CONNECTIONS.map(([env, message]) => [{ AUTH: 'none', ...env }, message]),
    ] as [env: Record<string, string>, message: RegExp][]
    const queue = cases.values()
    const worker = async () => {
      // the workers share one iterator
      for (const [env, message] of queue) {
        const service = startProcess(t, { PORT: '0', ...env })
        const errors = await text(service.child.stderr!)
        t.equal(await service.exit(), 1, String(message))
        const [line = '', ...others] = errors.trimEnd().split('\n')
        t.match(line, message)
        t.same(others, [], 'nothing else, and no stack trace')
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    t.ok(cases.length > 40, `${cases.length} values`)
  },
)
