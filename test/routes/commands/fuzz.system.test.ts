import fc from 'fast-check'
import t from 'tap'
import { CATALOG } from '../../../src/commands/catalog.js'
import { startSandboxService } from '../../support/service.js'

const BODIES = 5_000
const AT_ONCE = 50

/** Values that do not belong where they are sent. */
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

/** Changes one value in a body. */
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

// the envelope of each is compared with the document, as every response is (support/check-api-responses.mjs)
t.test(`${BODIES} bodies of every kind get the documented envelope, and never a 500`, async (t) => {
  const service = await startSandboxService(t, {}, { events: 200 })
  const statuses: Record<number, number> = {}
  const check = async ({ command, body }: { command: string; body: string }) => {
    const { status, body: envelope } = await service.run(command, body, {
      'x-deadline-ms': '10000',
    })
    statuses[status] = (statuses[status] ?? 0) + 1
    const sent = `${command} ${body.slice(0, 300)} -> ${status}`
    if (status === 500) throw new Error(sent)
    if (envelope.command !== command) throw new Error(sent)
    if ((status === 200) !== (envelope.returnData === 'Successful')) throw new Error(sent)
    if ((envelope.errors.length === 0) !== (envelope.error === '')) throw new Error(sent)
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
  // a run proves little when every body is refused, or none is
  t.ok((statuses[400] ?? 0) > BODIES / 10, JSON.stringify(statuses))
  t.ok((statuses[200] ?? 0) > BODIES / 50, JSON.stringify(statuses))
  t.notOk(
    service.log.some(({ level }) => Number(level) >= 50),
    'no error was logged',
  )
})
