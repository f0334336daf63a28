import { once } from 'node:events'
import fc from 'fast-check'
import t from 'tap'
import { FailureError } from '../../../src/envelope/failure.js'
import type { FetchPage, Range, WireEvent } from '../../../src/commands/events/page.js'
import type { Position } from '../../../src/commands/events/position.js'
import { Search } from '../../../src/commands/events/search.js'
import { Source } from '../../../src/commands/events/source.js'
import { History, limitedFetch } from '../../support/history.js'

/** The failure of a call; anything else fails the test. */
const failureOf = (error: unknown) => {
  if (!(error instanceof FailureError)) throw error
  return error.failure
}

const NOW = 1_790_000_000
const DAY: Range = { from: NOW - 86_400, to: NOW }

/** Reads a search as the command does: to its end or a limit, and says where it goes on. */
async function read(
  fetch: FetchPage,
  range: Range,
  limit = Infinity,
  at: Position = { to: range.to },
) {
  const events: WireEvent[] = []
  const search = new Search(fetch, range, at, {
    wanted: () => limit - events.length,
    patienceMs: 2,
    maxBuffered: () => 1000,
  })
  const source = new Source('us-east-1', 0, search, at, failureOf)
  while (events.length < limit) {
    await source.load()
    if (source.head === undefined) break
    events.push(source.take())
  }
  await source.end()
  return { events, position: source.position, failure: source.failure }
}

const ids = (events: readonly WireEvent[]) => events.map(({ EventId }) => EventId)

const everything = (history: History, range: Range) =>
  ids(history.page(range, undefined, Infinity).events)

const uniform = (count: number) =>
  Array.from({ length: count }, (_, index) => NOW - Math.floor(((index + 0.5) * 86_400) / count))

const bursts = (count: number) =>
  Array.from({ length: count }, (_, index) => NOW - 8_000 * (index % 10) - (index % 40))

t.test(
  'whatever the density: the same events in the same order, few calls more than one chain',
  async (t) => {
    for (const [name, seconds] of Object.entries({
      uniform: uniform(2000),
      bursty: bursts(2000),
      'five thousand in one second': [...uniform(300), ...Array<number>(5000).fill(NOW - 40_000)],
      'few events': uniform(30),
      empty: [],
    })) {
      const history = new History(seconds)
      const quota = limitedFetch(history, { tps: 8, windowMs: 10, latencyMs: 10 })
      const { events, position, failure } = await read(quota.fetch, DAY)
      t.same(ids(events), everything(history, DAY), name)
      t.equal(position, null)
      t.equal(failure, undefined)
      t.comment(`${name}: ${quota.calls()} calls, one chain ${history.callsOfOneChain(DAY)}`)
      if (seconds.length === 2000 && name === 'uniform') {
        t.ok(quota.calls() <= history.callsOfOneChain(DAY) * 1.1 + 2, 'a tenth more calls, and two')
      }
    }
  },
)

t.test('a small limit costs no more calls than one chain', async (t) => {
  const history = new History(uniform(5000))
  for (const [limit, calls] of [
    [1, 1],
    [50, 1],
    [51, 2],
    [100, 2],
  ] as const) {
    const quota = limitedFetch(history, { tps: 8, windowMs: 10, latencyMs: 10 })
    const { events } = await read(quota.fetch, DAY, limit)
    t.same(ids(events), everything(history, DAY).slice(0, limit))
    t.ok(quota.calls() <= calls + 1, `${limit}: ${quota.calls()} calls`)
  }
})

t.test('never splits a search with fast responses: one chain uses the quota', async (t) => {
  const history = new History(uniform(1000))
  const quota = limitedFetch(history, { tps: 1000, windowMs: 1, latencyMs: 0 })
  const search = new Search(
    quota.fetch,
    DAY,
    { to: DAY.to },
    {
      wanted: () => Infinity,
      patienceMs: 5000,
      maxBuffered: () => 1000,
    },
  )
  let count = 0
  for await (const batch of search.batches()) count += batch.events.length
  t.equal(count, 1000)
  t.equal(quota.calls(), 20)
})

t.test('any history, read in any steps, gives every event once and in order', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 1, max: 160 })), {
        maxLength: 12,
      }),
      fc.array(fc.integer({ min: 1, max: 230 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 12 }),
      async (clusters, steps, tps) => {
        const history = new History(
          clusters.flatMap(([ago, count]) => Array<number>(count).fill(NOW - ago)),
        )
        const range = { from: NOW - 600, to: NOW }
        const quota = limitedFetch(history, { tps, windowMs: 1, latencyMs: 3 })
        const found: (string | undefined)[] = []
        let position: Position | null = { to: range.to }
        for (let turn = 0; position !== null; turn += 1) {
          const limit = steps[turn % steps.length]!
          const step: Awaited<ReturnType<typeof read>> = await read(
            quota.fetch,
            range,
            limit,
            JSON.parse(JSON.stringify(position)) as Position,
          )
          found.push(...ids(step.events))
          position = step.position
        }
        return JSON.stringify(found) === JSON.stringify(everything(history, range))
      },
    ),
    { numRuns: 60 },
  )
  t.pass()
})

t.test('a token that AWS no longer takes loses and repeats nothing', async (t) => {
  // two hundred events of one second, so that only the event's id shows the place
  const history = new History([...uniform(100), ...Array<number>(200).fill(NOW - 10_000)])
  const quota = limitedFetch(history, { tps: 8, windowMs: 1, latencyMs: 1 })
  const expired: FetchPage = async (request) => {
    if (request.token !== undefined && !fresh.has(request.token)) throw invalidToken()
    const page = await quota.fetch(request)
    if (page.nextToken !== undefined) fresh.add(page.nextToken)
    return page
  }
  const fresh = new Set<string>()
  for (const limit of [50, 77, 120, 199]) {
    fresh.clear()
    const first = await read(expired, DAY, limit)
    fresh.clear()
    const rest = await read(expired, DAY, Infinity, first.position!)
    t.same([...ids(first.events), ...ids(rest.events)], everything(history, DAY), `after ${limit}`)
  }
})

t.test('a token that leads to another page than before is not believed', async (t) => {
  const history = new History(uniform(400))
  const quota = limitedFetch(history, { tps: 8, windowMs: 1, latencyMs: 1 })
  const first = await read(quota.fetch, DAY, 75)
  t.ok(first.position?.chain, 'it stopped in the middle of a page')
  let lies = 0
  const lying: FetchPage = async (request) => {
    const page = await quota.fetch(request)
    if (request.token === first.position!.chain!.token && lies++ === 0) page.events.shift()
    return page
  }
  const rest = await read(lying, DAY, Infinity, first.position!)
  t.equal(lies, 1)
  t.same([...ids(first.events), ...ids(rest.events)], everything(history, DAY))
})

t.test(
  'an error leaves what is newer without a gap, and the search goes on from there',
  async (t) => {
    const history = new History(uniform(2000))
    const quota = limitedFetch(history, { tps: 8, windowMs: 5, latencyMs: 10 })
    for (const failAt of [1, 5, 17, 30]) {
      let calls = 0
      const failing: FetchPage = async (request) => {
        calls += 1
        if (calls === failAt) throw invalidToken('InternalFailure')
        return quota.fetch(request)
      }
      const first = await read(failing, DAY)
      t.match(first.failure, { code: 'InternalFailure' })
      const whole = everything(history, DAY)
      t.same(ids(first.events), whole.slice(0, first.events.length), 'no gap')
      const rest = await read(quota.fetch, DAY, Infinity, first.position!)
      t.same([...ids(first.events), ...ids(rest.events)], whole, `failed at call ${failAt}`)
    }
  },
)

t.test('a token that AWS refuses in mid-search is worth going on from', async (t) => {
  const history = new History([...uniform(400), ...Array<number>(130).fill(NOW - 300)])
  const quota = limitedFetch(history, { tps: 8, windowMs: 1, latencyMs: 10 })
  let refused = 0
  const refusing: FetchPage = async (request) => {
    if (request.token !== undefined && refused++ === 0) throw invalidToken()
    return quota.fetch(request)
  }
  const first = await read(refusing, DAY)
  t.match(first.failure, { retryable: true, hint: /nextToken/ })
  const rest = await read(quota.fetch, DAY, Infinity, first.position!)
  t.same([...ids(first.events), ...ids(rest.events)], everything(history, DAY))
})

t.test(
  'an empty page that is not the last loses nothing, also where a search stops at it',
  async (t) => {
    const history = new History(uniform(200))
    const quota = limitedFetch(history, { tps: 8, windowMs: 1, latencyMs: 1 })
    let pages = 0
    const sparse: FetchPage = async (request) => {
      const { range, token, onPermit } = request
      const [, place, isEmpty] = /^(.*?)(!?)$/.exec(token ?? '') ?? []
      if (isEmpty === '!') {
        onPermit()
        return { events: [], nextToken: place }
      }
      if (token !== undefined && ++pages === 1) throw invalidToken('InternalFailure')
      const page = await quota.fetch({ ...request, range, token: token && place })
      return { ...page, nextToken: page.nextToken && `${page.nextToken}!` }
    }
    const first = await read(sparse, DAY)
    t.match(first.failure, { code: 'InternalFailure' })
    const rest = await read(sparse, DAY, Infinity, first.position!)
    t.same([...ids(first.events), ...ids(rest.events)], everything(history, DAY))
  },
)

t.test(
  'an event that is known no more is counted off, over pages and to the last event',
  async (t) => {
    const history = new History(Array<number>(119).fill(NOW - 40_000))
    const quota = limitedFetch(history, { tps: 8, windowMs: 1, latencyMs: 1 })
    for (const count of [0, 1, 49, 50, 60, 100, 118]) {
      const after = { second: NOW - 40_000, count, eventId: 'an event that AWS no longer has' }
      const { events, failure } = await read(quota.fetch, DAY, Infinity, {
        to: NOW - 40_000,
        after,
      })
      t.equal(failure, undefined)
      t.same(ids(events), everything(history, DAY).slice(count), `${count} of 119 known`)
    }
  },
)

t.test('takes the first number of chains from what an earlier search found', async (t) => {
  for (const [name, seconds, most] of [
    ['empty', [], 1],
    ['few events', uniform(30), 1],
    ['uniform', uniform(1000), 24],
  ] as const) {
    const history = new History(seconds)
    const quota = limitedFetch(history, { tps: 8, windowMs: 10, latencyMs: 20 })
    const density = seconds.length / 86_400
    const search = new Search(
      quota.fetch,
      DAY,
      { to: DAY.to },
      {
        wanted: () => Infinity,
        patienceMs: 2,
        maxBuffered: () => 1000,
        density,
      },
    )
    const events: WireEvent[] = []
    for await (const batch of search.batches()) events.push(...batch.events)
    t.same(ids(events), everything(history, DAY), name)
    t.ok(quota.calls() <= most, `${name}: ${quota.calls()} calls`)
    t.same(search.covered, { events: seconds.length, seconds: 86_401 }, 'and is found again')
  }
})

t.test('a page that holds all that others ask for ends their calls', async (t) => {
  for (const seconds of [[], uniform(30), Array<number>(20).fill(NOW - 5)]) {
    const history = new History(seconds)
    let calls = 0
    let aborted = 0
    let onSecond: () => void = () => undefined
    const second = new Promise<void>((resolve) => (onSecond = resolve))
    const onlyFirst: FetchPage = async ({ range, signal, onPermit }) => {
      onPermit()
      calls += 1
      if (calls > 1) {
        onSecond()
        await once(signal, 'abort')
        aborted += 1
        throw invalidToken('AbortError')
      }
      await second
      return history.page(range, undefined)
    }
    const { events, position } = await read(onlyFirst, DAY)
    t.same(ids(events), everything(history, DAY))
    t.equal(position, null)
    t.ok(calls > 1)
    t.equal(aborted, calls - 1)
  }
})

t.test('an endpoint that repeats its token ends the search with an error', async (t) => {
  const history = new History(uniform(100))
  const repeating: FetchPage = async ({ range, onPermit }) => {
    onPermit()
    return { events: history.page(range, undefined).events, nextToken: 'again' }
  }
  const { failure } = await read(repeating, DAY)
  t.match(failure, { code: 'RepeatedNextToken', source: 'aws' })
})

function invalidToken(code = 'InvalidNextTokenException'): FailureError {
  return new FailureError({
    code,
    message: 'no',
    source: 'aws',
    statusCode: 400,
    httpStatus: 400,
    retryable: false,
    attempts: 1,
  })
}
