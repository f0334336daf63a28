import type { RedisClient } from './redis-client.js'

/** When Redis was first asked, in milliseconds of its own clock. Whatever it has forgotten, it has forgotten this too. */
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
 * How long Redis has remembered all that it was told, in milliseconds, at least. It is 0 for the first who asks a Redis
 * that is new, or has lost its memory by a restart or FLUSHALL. Of a cluster it is told of one shard.
 *
 * @throws whatever keeps Redis from answering
 */
export async function memoryAge(client: RedisClient): Promise<number> {
  return (await client.eval(SCRIPT, 1, KEY)) as number
}
