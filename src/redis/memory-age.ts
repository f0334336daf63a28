import type { RedisClient } from './redis-client.js'

/** Holds when Redis was first asked, in milliseconds of its own clock. It is lost with all other data. */
const KEY = '{cloudtrail-commands}:remembers-since'

const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local since = tonumber(redis.call('GET', KEYS[1]) or now + 1)
-- also when the clock was set back
if since > now then
  since = now
  redis.call('SET', KEYS[1], string.format('%d', now))
end
return now - since
`

/**
 * The least time for which Redis has kept all data, in milliseconds: 0 for the first call to a Redis that is new, or has
 * lost its data by a restart or FLUSHALL. In a cluster it is the age of one shard.
 *
 * @throws the error by which Redis fails or refuses
 */
export async function memoryAge(client: RedisClient): Promise<number> {
  return (await client.eval(SCRIPT, 1, KEY)) as number
}
