/**
 * What Redis does for an idempotency key at one go. `KEYS[1]` is a hash of what the key stands for: `fingerprint`, `job`
 * (empty when the run is none), `first` (the run that asked first) and, once there is one, `answer`. `KEYS[2]` says that the run goes on: it holds the run's
 * id, and runs out by itself when the run's process is gone.
 */

/** Takes the key. ARGV: run, fingerprint, job, lease and time to keep in milliseconds. */
export const CLAIM = `
local known = redis.call('HMGET', KEYS[1], 'fingerprint', 'answer', 'job')
if known[1] and known[1] ~= ARGV[2] then return {'other'} end
if known[2] then return {'answered', known[3], known[2]} end
if known[1] and redis.call('EXISTS', KEYS[2]) == 1 then return {'running', known[3]} end
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[2], 'job', ARGV[3])
if not known[1] then redis.call('HSET', KEYS[1], 'first', ARGV[1]) end
redis.call('PEXPIRE', KEYS[1], ARGV[5])
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[4])
return {known[1] and 'repeated' or 'claimed'}
`

/**
 * Says that the run goes on, also to a Redis that has forgotten it. ARGV: as for the claim. Gives 1, unless the key is
 * another's by now.
 */
export const RENEW = `
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[1] then return 0 end
if redis.call('HEXISTS', KEYS[1], 'answer') == 1 then return 0 end
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[2], 'job', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[4])
return 1
`

/**
 * Keeps the answer, unless another run has the key by now, whose answer it will be. ARGV: run, fingerprint, job, answer,
 * time to keep in milliseconds.
 */
export const KEEP = `
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[1] then return end
if redis.call('HEXISTS', KEYS[1], 'answer') == 1 then return end
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[2], 'job', ARGV[3], 'answer', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
redis.call('DEL', KEYS[2])
`

/**
 * Frees the key. ARGV: run, and whether it is to be known that there was one: '1', '' or, when it is not known whether
 * Redis gave it the key as to the first, '?'.
 */
export const RELEASE = `
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return end
redis.call('DEL', KEYS[2])
if ARGV[2] == '' or ARGV[2] == '?' and redis.call('HGET', KEYS[1], 'first') == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
`
