/**
 * `npm run soak [-- --minutes 10] [--redis-down refuse|share] [--seed 1]`: three replicas under load, one of them with
 * its clock three seconds off, while faults happen at random. Ends with a failure when the quota was exceeded, a change
 * was lost or made twice, or a request hung.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { ApiClass } from '../src/quota/api-class.js'
import { startCutProxy, type CutProxy } from '../test/support/cut-proxy.js'
import { startRedis, type RedisServer } from '../test/support/redis.js'
import { commandOf, startReplica, type Replica, type Reply } from '../test/support/replicas.js'
import { AWS_TPS, startEndpoint } from './service.js'
import { printTable } from './table.js'

/** The deadline of every command, and by how much an answer may be later, in milliseconds. */
const DEADLINE_MS = 10_000
const LATE_MS = 1_000

/** Callers of each class at each replica. */
const CALLERS: Record<ApiClass, number> = { read: 5, lookup: 2, write: 2 }

const CLOCK_OFF = [
  '--import',
  `data:text/javascript,${encodeURIComponent('const now = Date.now; Date.now = () => now() + 3000')}`,
]

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    'redis-down': { type: 'string', default: 'refuse' },
    seed: { type: 'string', default: '1' },
  },
})
const minutes = Number(values.minutes)

/** What is started is ended with the program. */
const teardowns: (() => unknown)[] = []
const owner = { teardown: (end: () => unknown) => void teardowns.push(end) }

/** Random numbers from 0 to below `count` that are the same at every run with the same seed (mulberry32). */
let state = Number(values.seed)
function random(count: number): number {
  state = (state + 0x6d2b79f5) | 0
  let bits = Math.imul(state ^ (state >>> 15), 1 | state)
  bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
  return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * count)
}

interface Place {
  proxy: CutProxy
  replica: Replica
}

const counts: Record<string, number> = {}
const replies: (Reply & { apiClass: ApiClass; name: string })[] = []
let ended = false
/** Callers that have not come to their end. */
let running = 0

async function call(place: Place, apiClass: ApiClass, who: string): Promise<void> {
  running += 1
  for (let number = 0; !ended; number++) {
    const name = `${who}-${number}`
    const headers = { 'x-deadline-ms': String(DEADLINE_MS) }
    const reply = await place.replica.run(...commandOf(apiClass, name), headers)
    replies.push({ ...reply, apiClass, name })
    if (reply.status !== 200) await delay(200)
  }
  running -= 1
}

/** One fault: its name, and what happens until it has passed. */
function fault(redis: RedisServer, places: Place[], start: (at: Place) => Promise<void>) {
  const place = places[random(places.length)]
  const ms = 200 + random(8_000)
  if (!place) throw new Error('there are no replicas')
  const faults: [string, () => Promise<void>][] = [
    [
      'Redis killed, back empty',
      async () => {
        await redis.kill()
        await delay(random(2) === 0 ? 0 : ms)
        await redis.start()
      },
    ],
    [
      'Redis stopped for a while',
      async () => {
        redis.pause()
        await delay(ms)
        redis.resume()
      },
    ],
    [
      'network of a replica cut',
      async () => {
        place.proxy.cut()
        await delay(ms)
        place.proxy.heal()
      },
    ],
    [
      'replica killed, another started',
      async () => {
        place.replica.child.kill('SIGKILL')
        await place.replica.exit()
        await start(place)
      },
    ],
  ]
  return faults[random(faults.length)]
}

async function main(): Promise<void> {
  const endpoint = await startEndpoint()
  teardowns.push(() => endpoint.close())
  const redis = await startRedis(owner)
  const env = { REDIS_DOWN: values['redis-down'], LOG_LEVEL: 'info' }
  const startAt = async (
    place: Omit<Place, 'replica'> & { replica?: Replica },
    clock: string[],
  ) => {
    place.replica = await startReplica(owner, endpoint.url, place.proxy.url, env, clock)
  }
  const clocks = [CLOCK_OFF, [], []]
  const places: Place[] = await Promise.all(
    clocks.map(async (clock) => {
      const proxy = await startCutProxy(owner, redis.port)
      return {
        proxy,
        replica: await startReplica(owner, endpoint.url, proxy.url, env, clock),
      }
    }),
  )
  const until = performance.now() + minutes * 60_000
  const load = places.flatMap((place, index) =>
    Object.entries(CALLERS).flatMap(([apiClass, callers]) =>
      Array.from({ length: callers }, (_, caller) =>
        call(place, apiClass as ApiClass, `${apiClass}-${index}-${caller}`),
      ),
    ),
  )
  while (performance.now() < until) {
    await delay(3_000 + random(10_000))
    const [name, happen] = fault(redis, places, (at) => {
      return startAt(at, clocks[places.indexOf(at)] ?? [])
    }) ?? ['none', () => Promise.resolve()]
    counts[name] = (counts[name] ?? 0) + 1
    await happen()
  }
  // what is under way ends well, or late
  await delay(8_000)
  ended = true
  await Promise.race([Promise.all(load), delay(DEADLINE_MS + 10 * LATE_MS)])
  process.exitCode = report((await endpoint.report()).arrivals) ? 0 : 1
}

/** Prints the figures. Whether they are good. */
function report(
  arrivals: Awaited<ReturnType<Awaited<ReturnType<typeof startEndpoint>>['report']>>['arrivals'],
): boolean {
  let violations = 0
  const rows: (string | number)[][] = [
    ['class', 'answered', '200', 'arrived', 'throttled', 'over the quota'],
  ]
  for (const [apiClass, tps] of Object.entries(AWS_TPS)) {
    const own = arrivals.filter((one) => one.apiClass === apiClass)
    const times = own.map(({ at }) => at).sort((a, b) => a - b)
    const over = times.filter((at, index) => at - (times[index - tps] ?? -Infinity) < 1000).length
    violations += over
    const answers = replies.filter((one) => one.apiClass === apiClass && one.status !== undefined)
    rows.push([
      apiClass,
      answers.length,
      answers.filter(({ status }) => status === 200).length,
      own.length,
      own.filter(({ throttled }) => throttled).length,
      over,
    ])
  }
  const changes = new Map<string, number>()
  for (const { apiClass, name } of arrivals) {
    if (apiClass === 'write') changes.set(name ?? '', (changes.get(name ?? '') ?? 0) + 1)
  }
  const doubled = [...changes.values()].filter((times) => times > 1).length
  const done = replies.filter(({ apiClass, status }) => apiClass === 'write' && status === 200)
  const lost = done.filter(({ name }) => !changes.has(name)).length
  const late = replies.filter(
    ({ status, tookMs }) => status !== undefined && tookMs > DEADLINE_MS + LATE_MS,
  )
  const hung = late.length
  const died = replies.filter(({ status }) => status === undefined).length
  printTable(`${minutes} minutes, REDIS_DOWN=${values['redis-down']}, seed ${values.seed}`, rows)
  printTable('faults', [['fault', 'times'], ...Object.entries(counts)])
  for (const { name, status, code, tookMs } of late) {
    process.stdout.write(`\n${name}: ${status} ${code ?? ''} after ${tookMs.toFixed(0)} ms\n`)
  }
  if (running > 0) process.stdout.write(`\n${running} callers wait for an answer still\n`)
  printTable('figures', [
    ['requests', replies.length],
    ['without answer, since their replica was killed', died],
    ['arrivals over the quota', violations],
    ['changes lost', lost],
    ['changes made twice', doubled],
    ['requests that hung', hung + running],
  ])
  return violations + lost + doubled + hung + running === 0
}

try {
  await main()
} finally {
  for (const end of teardowns) await end()
}
process.exit()
