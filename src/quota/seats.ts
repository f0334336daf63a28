import { randomUUID } from 'node:crypto'
import type { RedisClient } from '../redis/redis-client.js'

/** How long the seat of a replica that is not heard of is kept for it, in milliseconds. */
const KEPT_MS = 600_000

/** After how long a replica that is not heard of counts as missing, in milliseconds; renewals are sent every second. */
export const MISSING_MS = 3_000

/** A renewal that reaches Redis later than this says nothing of the replica's being there now, in milliseconds. */
const STALE_MS = 1_000

/** How long after it has lost its memory Redis may not know of all replicas, in milliseconds. */
const SETTLE_MS = 5_000

/** The time from question to answer below which Redis's clock is taken over, in milliseconds. */
const EXACT_MS = 50

/** How long a replica that was started again waits for its own seat, in milliseconds: until it is missing for certain. */
const PATIENCE_MS = 2 * MISSING_MS

/** What the script says in the place of a seat: there is none, or the replica's own may be free soon. */
const NONE = -1
const SOON = -2

/**
 * Takes or renews a seat, and tells whose seats are in use. A hash of seat number to `name process seen`, and of `born` to
 * when it was made. The answer: the seat, NONE or SOON; Redis's clock, the age of the hash, the seats of others that are
 * there, and of those that are missing.
 */
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local name, process, seats, kept = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local missing_after, sent, stale = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local patient = ARGV[8] == '1'
local own, free, there, missing = ${NONE}, ${NONE}, {}, {}
for seat = 0, seats - 1 do
  local holder, its, seen = string.match(redis.call('HGET', KEYS[1], seat) or '', '^(%S+) (%S+) (%d+)$')
  seen = tonumber(seen)
  if its == process then own = seat
  elseif holder == name and now - seen > missing_after and own < 0 then own = seat
  elseif not holder or now - seen > kept then if free < 0 then free = seat end
  elseif holder == name and patient and own == ${NONE} then own = ${SOON}
  elseif now - seen > missing_after then table.insert(missing, seat)
  else table.insert(there, seat) end
end
if own == ${NONE} then own = free end
if sent == 0 or now - sent < stale then
  redis.call('HSETNX', KEYS[1], 'born', string.format('%d', now))
  if own >= 0 then
    redis.call('HSET', KEYS[1], own, name .. ' ' .. process .. ' ' .. string.format('%d', now))
  end
  redis.call('PEXPIRE', KEYS[1], kept)
end
local born = tonumber(redis.call('HGET', KEYS[1], 'born') or now)
return { own, now, now - born, there, missing }
`

/** The seats as Redis knew them when it was asked last. */
export interface SeatPlan {
  /** The seat of this replica, if one was free. */
  own: number | undefined
  /** Whether there is none yet, since this replica's own from before it was started again may be free soon. */
  isOwnSoon: boolean
  /** Seats of other replicas that are not heard of, and may be in use all the same. */
  missing: number[]
}

type SeatAnswer = [own: number, now: number, ageMs: number, there: number[], missing: number[]]

/**
 * The seats of the replicas in Redis, and Redis's clock. A replica that died is one that may only be cut off: its seat is
 * kept for it for a while. Started again, it takes its own seat by its name.
 */
export class Seats {
  /** Tells this process from those before it, and from others that have its name by mistake. */
  readonly #process = randomUUID()
  readonly #startedAt = performance.now()
  readonly #key: string
  /** Redis's clock less `performance.now()`, in milliseconds. */
  #clockOffset: number | undefined

  /**
   * @param count how many seats there are
   * @param name of this replica, the same when it is started again, and no other's; without blanks
   */
  constructor(
    private readonly client: RedisClient,
    readonly count: number,
    private readonly name: string,
  ) {
    this.#key = `{cloudtrail-commands:seats}:${count}`
  }

  /** Redis's clock, as far as it is known without asking, in milliseconds. */
  get now(): number {
    return performance.now() + (this.#clockOffset ?? 0)
  }

  /**
   * Takes a seat, or renews it.
   *
   * @throws whatever keeps Redis from answering
   */
  async claim(): Promise<SeatPlan> {
    const askedAt = performance.now()
    const sentAt = this.#clockOffset === undefined ? 0 : Math.round(this.now)
    const isPatient = askedAt - this.#startedAt < PATIENCE_MS
    const answer = await this.client.eval(
      SCRIPT,
      1,
      this.#key,
      this.name,
      this.#process,
      this.count,
      KEPT_MS,
      MISSING_MS,
      sentAt,
      STALE_MS,
      isPatient ? '1' : '',
    )
    const [own, redisNow, ageMs, there, missing] = answer as SeatAnswer
    const tookMs = performance.now() - askedAt
    if (tookMs < EXACT_MS || this.#clockOffset === undefined) {
      this.#clockOffset = redisNow - askedAt - tookMs / 2
    }
    // a Redis that has just begun to know of seats does not know of all who have one
    const unknown = Array.from({ length: this.count }, (_, seat) => seat).filter(
      (seat) => seat !== own && !there.includes(seat),
    )
    return {
      own: own < 0 ? undefined : own,
      isOwnSoon: own === SOON,
      missing: ageMs < SETTLE_MS ? unknown : missing,
    }
  }

  /** Gives the seat back. */
  async leave(seat: number): Promise<void> {
    await this.client.hdel(this.#key, String(seat))
  }
}
