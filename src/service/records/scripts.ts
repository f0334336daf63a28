import { createHash } from 'node:crypto'
import type { RedisClient } from '../../redis/redis-client.js'
import type { LeasedRecord, RecordOptions } from './record-store.js'

/**
 * The Lua scripts of the records in Redis. Each is one atomic step. All keys of an owner are in one slot of a cluster.
 *
 * - `KEYS[1]`, the record: a hash with `holder` (the run that claimed it last), `first` (the run that claimed it as a new
 *   key), `fingerprint`, `data`, `cancelled` once cancellation was requested, and `response` once it is finished.
 * - `KEYS[2]`, the leases of the owner: a sorted set of the keys of its running records, by the end of their lease.
 * - `KEYS[3]`, the finished records of the owner: a sorted set of keys, by the time of their end. Only where the kind has
 *   a bound.
 *
 * Times are in milliseconds; the clock is that of Redis. ARGV[1..6] of every script: key, holder, fingerprint, data, lease,
 * time to keep.
 */
const PRELUDE = `
local key, holder = ARGV[1], ARGV[2]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local isLeased = tonumber(redis.call('ZSCORE', KEYS[2], key) or 0) > now
`

/**
 * Claims a key; without a holder it only finds the record. Returns the state (`claimed`, `lost`: claimed after a lost
 * run, `running`, `finished`, `mismatch`, `full`), `data`, `response` and `cancelled`.
 * ARGV[7..8]: bound of running records, bound of finished ones (empty: none).
 */
const CLAIM = `${PRELUDE}
local known = redis.call('HMGET', KEYS[1], 'fingerprint', 'data', 'response', 'cancelled')
local state = 'claimed'
if known[1] then state = known[3] and 'finished' or isLeased and 'running' or 'lost' end
if holder ~= '' and known[1] and known[1] ~= ARGV[3] then return {'mismatch'} end
if holder == '' or state == 'running' or state == 'finished' then
  return {state, known[2] or '', known[3] or '', known[4] or ''}
end
-- leases that ran out make room; where there is a bound, their records count as finished from now on
local lost = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
if ARGV[8] ~= '' then
  for _, other in ipairs(lost) do redis.call('ZADD', KEYS[3], now, other) end
end
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[7]) then return {'full'} end
redis.call('HSET', KEYS[1], 'holder', holder, 'fingerprint', ARGV[3], 'data', ARGV[4])
if state == 'claimed' then redis.call('HSET', KEYS[1], 'first', holder) end
redis.call('PEXPIRE', KEYS[1], ARGV[6])
redis.call('ZADD', KEYS[2], now + ARGV[5], key)
redis.call('PEXPIRE', KEYS[2], ARGV[6])
return {state}
`

/**
 * Writes a record of its holder, also to a Redis that has lost it: a running one, whose lease is renewed, or a finished
 * one with its response, after which records beyond the bounds are evicted. Writes nothing when another run has claimed
 * the key meanwhile, or a response is stored already. Returns whether it wrote, whether cancellation was requested, and
 * how many records it evicted.
 * ARGV[7..9]: response (empty while it runs), bound of finished records (empty: none), bound of their bytes.
 */
const WRITE = `${PRELUDE}
local known = redis.call('HMGET', KEYS[1], 'holder', 'response', 'cancelled')
if known[2] or isLeased and known[1] and known[1] ~= holder then return {0, 0, 0} end
redis.call('HSET', KEYS[1], 'holder', holder, 'fingerprint', ARGV[3], 'data', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[6])
if ARGV[7] == '' then
  redis.call('ZADD', KEYS[2], now + ARGV[5], key)
  redis.call('PEXPIRE', KEYS[2], ARGV[6])
  return {1, known[3] and 1 or 0, 0}
end
redis.call('HSET', KEYS[1], 'response', ARGV[7])
redis.call('ZREM', KEYS[2], key)
if ARGV[8] == '' then return {1, 0, 0} end
redis.call('ZADD', KEYS[3], now, key)
redis.call('PEXPIRE', KEYS[3], ARGV[6])
local prefix = string.sub(KEYS[1], 1, -1 - #key)
local kept, bytes, evicted = 1, #ARGV[7], 0
for _, other in ipairs(redis.call('ZREVRANGE', KEYS[3], 0, -1)) do
  if other ~= key then
    kept = kept + 1
    bytes = bytes + redis.call('HSTRLEN', prefix .. other, 'response')
    if kept > tonumber(ARGV[8]) or bytes > tonumber(ARGV[9]) then
      evicted = evicted + redis.call('DEL', prefix .. other)
      redis.call('ZREM', KEYS[3], other)
    end
  end
end
return {1, 0, evicted}
`

/**
 * Ends the lease of a run without a response.
 * ARGV[7]: whether the record is kept as a lost one: `1`, empty or, when the reply to the claim was not received, `?`: then
 * it is kept if it was a repeat.
 */
const RELEASE = `${PRELUDE}
local known = redis.call('HMGET', KEYS[1], 'holder', 'first', 'response')
if known[1] ~= holder or known[3] then return end
redis.call('ZREM', KEYS[2], key)
if ARGV[7] == '' or ARGV[7] == '?' and known[2] == holder then redis.call('DEL', KEYS[1]) end
`

/** Whether a released record is kept as a lost one, as RELEASE takes it. */
export type KeepLost = '1' | '' | '?'

/** What identifies a record. */
export type RecordId = Pick<LeasedRecord<unknown>, 'owner' | 'key'>

/** Runs the scripts for one kind of records. Every method rejects when Redis is unavailable. */
export class RecordScripts<Data> {
  constructor(
    private readonly client: RedisClient,
    private readonly options: RecordOptions,
    private readonly leaseMs: number,
  ) {}

  /** Claims a record, or finds it where only its id is given. Members that there are not are empty or left out. */
  async claim(record: LeasedRecord<Data> | RecordId) {
    const { running } = this.options.bounds
    const reply = (await this.#eval(CLAIM, record, [running, this.#finishedBound])) as string[]
    const [state = '', data = '', response = '', cancelled = ''] = reply
    return { state, data, response, isCancelled: cancelled === '1' }
  }

  /** @param response as JSON; empty while it runs */
  async write(record: LeasedRecord<Data>, response: string) {
    const args = [response, this.#finishedBound, this.options.bounds.bytes]
    const reply = (await this.#eval(WRITE, record, args)) as [number, number, number]
    const [isWritten, isCancelled, evicted] = reply
    return { isWritten: isWritten === 1, isCancelled: isCancelled === 1, evicted }
  }

  async release(record: LeasedRecord<Data>, keep: KeepLost): Promise<void> {
    await this.#eval(RELEASE, record, [keep])
  }

  /** Requests a cancellation: the holder reads it with its next heartbeat. */
  async cancel(id: RecordId): Promise<void> {
    const name = this.nameOf(id)
    await this.client.hset(name, 'cancelled', '1')
    await this.client.pexpire(name, this.options.keepMs)
  }

  /** The name of a record in Redis. */
  nameOf({ owner, key }: RecordId): string {
    return `${this.#prefixOf(owner)}:record:${key}`
  }

  #prefixOf(owner: string): string {
    const hash = createHash('sha256').update(owner).digest('hex').slice(0, 32)
    return `cloudtrail-records:{${this.options.kind}:${hash}}`
  }

  get #finishedBound(): number | '' {
    const { finished } = this.options.bounds
    return Number.isFinite(finished) ? finished : ''
  }

  #eval(
    script: string,
    record: RecordId & Partial<LeasedRecord<Data>>,
    more: (string | number)[],
  ): Promise<unknown> {
    const { owner, key, holder = '', fingerprint = '', data = null } = record
    const prefix = this.#prefixOf(owner)
    const keys = [this.nameOf(record), `${prefix}:leases`, `${prefix}:finished`]
    const args = [key, holder, fingerprint, JSON.stringify(data), this.leaseMs, this.options.keepMs]
    return this.client.eval(script, keys.length, ...keys, ...args, ...more)
  }
}
