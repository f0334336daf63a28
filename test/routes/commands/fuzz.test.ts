import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import t from 'tap'
import { CATALOG } from '../../../src/commands/catalog.js'
import { startSandboxService } from '../../support/service.js'

const BODIES = 5_000
const AT_ONCE = 50

/** Values that somebody has sent where they do not belong. */
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    '',
    ' ',
    'a',
    'x'.repeat(129),
    'x'.repeat(5_000),
    '\ud800',
    '\u0000',
    'Ünïcödé-trail',
    'arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit',
    'arn:aws:s3:::bucket',
    '-7d',
    '2026-13-45T99:99:99Z',
    'all',
    [],
    ['a', 'a'],
    [null],
    Array(101).fill('audit'),
    {},
    { $ne: '' },
    { length: 3 },
    [[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]],
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

/** Field names: those that exist anywhere, and others. */
const fields = [
  ...new Set(
    CATALOG.flatMap(({ body }) => Object.keys((body as { properties?: object }).properties ?? {})),
  ),
  'constructor',
  'toString',
  'surprise',
  '',
]

const change = fc.record({
  kind: fc.constantFrom('replace', 'delete', 'add'),
  where: fc.nat(),
  field: fc.constantFrom(...fields),
  value: odd,
})

/** A body that begins as an example that works and is bent up to twice; or anything at all; or no JSON. */
const request = fc
  .record({
    command: fc.constantFrom(...CATALOG),
    example: fc.nat(),
    changes: fc.array(change, { maxLength: 2 }),
    instead: fc.option(
      fc.oneof(
        odd.map((value) => JSON.stringify(value)),
        fc.string(),
      ),
      {
        freq: 8,
        nil: undefined,
      },
    ),
  })
  .map(({ command, example, changes, instead }) => {
    const examples = Object.values(command.examples)
    const body: unknown = structuredClone(examples[example % examples.length] ?? {})
    for (const one of changes) bend(body, one)
    return { command: command.name, body: instead ?? JSON.stringify(body) }
  })

/** Changes one of the values in a body. */
function bend(
  body: unknown,
  { kind, where, field, value }: { kind: string; where: number; field: string; value: unknown },
): void {
  const holders: Record<string, unknown>[] = []
  const collect = (holder: unknown) => {
    if (typeof holder !== 'object' || holder === null) return
    holders.push(holder as Record<string, unknown>)
    Object.values(holder).forEach(collect)
  }
  collect(body)
  const holder = holders[where % holders.length]
  if (!holder) return
  const keys = Object.keys(holder)
  const key = keys[where % Math.max(1, keys.length)] ?? field
  if (kind === 'delete') Reflect.deleteProperty(holder, key)
  else holder[kind === 'add' ? field : key] = structuredClone(value)
}

t.test(
  `${BODIES} bodies of every kind get an envelope as documented, and never a 500`,
  async (t) => {
    const service = await startSandboxService(t, {}, { events: 200 })
    const document = (await (await service.fetch('/openapi.json')).json()) as Record<string, any>
    const ajv = new Ajv2020({ strict: false, allErrors: true })
    ajv.addSchema({ $id: 'openapi', ...document })
    const validators = new Map<string, ValidateFunction>()
    const statuses: Record<number, number> = {}
    const check = async ({ command, body }: { command: string; body: string }) => {
      const { status, body: answer } = await service.run(command, body, {
        'x-deadline-ms': '10000',
      })
      statuses[status] = (statuses[status] ?? 0) + 1
      const path = `/paths/~1commands~1${command}/post/responses/${status}/content/application~1json/schema`
      const validate = validators.get(path) ?? ajv.compile({ $ref: `openapi#${path}` })
      validators.set(path, validate)
      const told = `${command} ${body.slice(0, 300)} -> ${status}`
      if (status === 500) throw new Error(told)
      if (!validate(answer)) throw new Error(`${told}: ${ajv.errorsText(validate.errors)}`)
      if (answer.command !== command) throw new Error(told)
      if ((status === 200) !== (answer.returnData === 'Successful')) throw new Error(told)
      if ((answer.errors.length === 0) !== (answer.error === '')) throw new Error(told)
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(request, { minLength: AT_ONCE, maxLength: AT_ONCE }),
        async (requests) => {
          await Promise.all(requests.map(check))
        },
      ),
      { numRuns: BODIES / AT_ONCE, endOnFailure: true },
    )
    t.equal(
      Object.values(statuses).reduce((sum, count) => sum + count, 0),
      BODIES,
    )
    // a run in which nothing gets past the checks, or nothing is refused, proves little
    t.ok((statuses[400] ?? 0) > BODIES / 10, JSON.stringify(statuses))
    t.ok((statuses[200] ?? 0) > BODIES / 50, JSON.stringify(statuses))
    t.notOk(
      service.log.some(({ level }) => Number(level) >= 50),
      'no error was logged',
    )
  },
)
