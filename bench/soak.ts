/**
 * `npm run soak [-- --minutes 10] [--redis-down refuse|share] [--seed 1]`: three replicas under load, one of them with
 * its clock three seconds off, while faults happen at random. Half of the changes have an idempotency key, with which they
 * are sent again until they have a response. Ends with a failure when the quota was exceeded, a change was lost or made
 * twice or without an audit entry of its intent, a request hung or had no response although its replica lived, a replica exited by itself, or little was done.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { ApiClass } from '../src/aws/api-class.js'
import { startCutProxy, type CutProxy } from '../test/support/cut-proxy.js'
import { startRedis, type RedisServer } from '../test/support/redis.js'
import { commandOf, startReplica, type Replica, type Reply } from '../test/support/replicas.js'
import { AWS_TPS, startEndpoint } from './service.js'
import { printTable } from './table.js'

/** The deadline of every command, and by how much a response may be later, in milliseconds. */
const DEADLINE_MS = 10_000
const LATE_MS = 1_000

/** How often a change with a key is sent again, and the part of the quota that must be used in spite of the faults. */
const MAX_TRIES = 20
const LEAST_USE = 0.2

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

const auditFolder = mkdtempSync(join(tmpdir(), 'soak-'))
teardowns.push(() => {
  rmSync(auditFolder, { recursive: true })
})
/** The audit file of a place; the replicas that follow one another there share it. */
const auditFileOf = (index: number) => join(auditFolder, `audit-${index}.ndjson`)

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
  /** When there was none, on the clock of `performance.now()`, in milliseconds; the last may go on. */
  gone: { from: number; to: number }[]
}

const counts: Record<string, number> = {}
const replies: (Reply & { apiClass: ApiClass; name: string })[] = []
/** Writes with a key that had no response once, since their replica was killed: what they did is not known. */
const withoutResponse = new Set<string>()
/** Requests without a response although their replica lived. */
const unexplained: string[] = []
/** Replicas that ended by themselves. */
const crashed: string[] = []
let ended = false
/** Callers that have not come to their end. */
let running = 0

const isOver = () => ended

async function call(
  place: Place,
  apiClass: ApiClass,
  who: string,
  isKeyed: boolean,
): Promise<void> {
  running += 1
  for (let number = 0; !ended; number++) {
    const name = `${who}-${number}`
    const mostTries = isKeyed ? MAX_TRIES : 1
    for (let tries = 0, status; tries < mostTries && status !== 200 && !isOver(); tries++) {
      status = (await callOnce(place, apiClass, name, isKeyed)).status
      // a client that is refused comes back soon, sooner than Retry-After says
      if (status !== 200) await delay(200)
    }
  }
  running -= 1
}

async function callOnce(
  place: Place,
  apiClass: ApiClass,
  name: string,
  isKeyed: boolean,
): Promise<Reply> {
  const from = performance.now()
  const reply = await place.replica.run(...commandOf(apiClass, name), {
    'x-deadline-ms': String(DEADLINE_MS),
    ...(isKeyed && { 'idempotency-key': name }),
  })
  replies.push({ ...reply, apiClass, name })
  if (reply.status !== undefined) return reply
  const wasGone = place.gone.some((gone) => gone.from < performance.now() && gone.to > from)
  if (wasGone) withoutResponse.add(name)
  else unexplained.push(name)
  return reply
}

/** Starts a replica in the place of one that was killed, or of none. */
async function startAt(place: Omit<Place, 'replica'>, endpoint: string, index: number) {
  const env = {
    REDIS_DOWN: values['redis-down'],
    LOG_LEVEL: 'info',
    AUDIT_FILE: auditFileOf(index),
  }
  const clock = index === 0 ? CLOCK_OFF : []
  const replica = await startReplica(owner, endpoint, place.proxy.url, env, clock)
  void replica.exit().then((code) => {
    const isMeant = ended || (place.gone.at(-1)?.to ?? 0) === Infinity
    if (!isMeant) crashed.push(`replica ${index} ended with ${code}`)
  })
  return replica
}

/** One fault: its name, and what happens until it has passed. */
function fault(redis: RedisServer, places: Place[], start: (at: Place) => Promise<Replica>) {
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
        const gone = { from: performance.now(), to: Infinity }
        place.gone.push(gone)
        place.replica.child.kill('SIGKILL')
        await place.replica.exit()
        place.replica = await start(place)
        gone.to = performance.now()
      },
    ],
  ]
  return faults[random(faults.length)]
}

async function main(): Promise<void> {
  const endpoint = await startEndpoint()
  teardowns.push(() => endpoint.close())
  const redis = await startRedis(owner)
  const places: Place[] = await Promise.all(
    [0, 1, 2].map(async (index) => {
      const place = { proxy: await startCutProxy(owner, redis.port), gone: [] }
      return { ...place, replica: await startAt(place, endpoint.url, index) }
    }),
  )
  const until = performance.now() + minutes * 60_000
  const load = places.flatMap((place, index) =>
    Object.entries(CALLERS).flatMap(([apiClass, callers]) =>
      Array.from({ length: callers }, (_, caller) =>
        call(
          place,
          apiClass as ApiClass,
          `${apiClass}-${index}-${caller}`,
          isKeyed(`${apiClass}-${index}-${caller}-`),
        ),
      ),
    ),
  )
  while (performance.now() < until) {
    await delay(3_000 + random(10_000))
    const [name, happen] = fault(redis, places, (at) => {
      return startAt(at, endpoint.url, places.indexOf(at))
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
  let little = 0
  const rows: (string | number)[][] = [
    ['class', 'responses', '200', 'arrived', 'throttled', 'over the quota'],
  ]
  for (const [apiClass, tps] of Object.entries(AWS_TPS)) {
    const own = arrivals.filter((one) => one.apiClass === apiClass)
    const times = own.map(({ at }) => at).sort((a, b) => a - b)
    const over = times.filter((at, index) => at - (times[index - tps] ?? -Infinity) < 1000).length
    violations += over
    const responses = replies.filter((one) => one.apiClass === apiClass && one.status !== undefined)
    const good = responses.filter(({ status }) => status === 200).length
    if (good < minutes * 60 * tps * LEAST_USE) little += 1
    rows.push([
      apiClass,
      responses.length,
      good,
      own.length,
      own.filter(({ throttled }) => throttled).length,
      over,
    ])
  }
  const changes = new Map<string, number>()
  for (const { apiClass, name } of arrivals) {
    if (apiClass === 'write') changes.set(name ?? '', (changes.get(name ?? '') ?? 0) + 1)
  }
  // what a killed replica did is done again by the next, for whoever has the key
  const twice = [...changes].filter(([, times]) => times > 1).map(([name]) => name)
  const again = twice.filter((name) => withoutResponse.has(name) && isKeyed(name)).length
  const doubled = twice.length - again
  const done = replies.filter(({ apiClass, status }) => apiClass === 'write' && status === 200)
  const lost = done.filter(({ name }) => !changes.has(name)).length
  const intents = intendedTrails()
  const unintended = [...changes.keys()].filter((name) => !intents.has(name)).length
  const late = replies.filter(
    ({ status, tookMs }) => status !== undefined && tookMs > DEADLINE_MS + LATE_MS,
  )
  const hung = late.length
  const died = replies.filter(({ status }) => status === undefined).length - unexplained.length
  const keyed = replies.filter(({ apiClass, name }) => apiClass === 'write' && isKeyed(name))
  printTable(`${minutes} minutes, REDIS_DOWN=${values['redis-down']}, seed ${values.seed}`, rows)
  printTable('faults', [['fault', 'times'], ...Object.entries(counts)])
  for (const { name, status, code, tookMs } of late) {
    process.stdout.write(`\n${name}: ${status} ${code ?? ''} after ${tookMs.toFixed(0)} ms\n`)
  }
  for (const what of [...crashed, ...unexplained]) process.stdout.write(`\n${what}\n`)
  if (running > 0) process.stdout.write(`\n${running} callers still wait for a response\n`)
  printTable('figures', [
    ['requests', replies.length],
    ['without response, since their replica was killed', died],
    ['without response from a replica that lived', unexplained.length],
    ['replicas that exited by themselves', crashed.length],
    ['requests with an idempotency key', keyed.length],
    ['changes with a key made again after their replica was killed', again],
    ['arrivals over the quota', violations],
    ['changes lost', lost],
    ['changes made twice', doubled],
    ['changes without an intent in the audit log', unintended],
    ['requests that hung', hung + running],
    [`classes with less than ${LEAST_USE} of their quota in use`, little],
  ])
  const outages = [hung, running, unexplained.length, crashed.length]
  const faults = [violations, lost, doubled, unintended, ...outages]
  return faults.every((count) => count === 0) && little === 0
}

/** The trails that the audit files' entries of intents name. */
function intendedTrails(): Set<string> {
  const lines = [0, 1, 2].flatMap((index) => readFileSync(auditFileOf(index), 'utf8').split('\n'))
  const intents = lines
    .filter((line) => line.includes('"phase":"intent"'))
    .map((line) => JSON.parse(line) as { inputs: { input: string }[] })
  return new Set(intents.flatMap(({ inputs }) => inputs.map(({ input }) => input)))
}

/** The first of the callers of changes sends them with a key. */
function isKeyed(name: string): boolean {
  return /^write-\d+-0-/.test(name)
}

try {
  await main()
} finally {
  for (const end of teardowns) await end()
}
process.exit()
