import type { RedisClient } from './redis-client.js'

/** In the key space of Bottleneck, so that a user who may not write there fails the probe. */
const KEY = 'b_{cloudtrail-commands}_probe'

/** How long the key is kept, in milliseconds. */
const KEEP_MS = 10_000

const SCRIPT = "redis.call('SET', KEYS[1], '', 'PX', ARGV[1])"

/**
 * Runs a script that writes, as the quota does for every request.
 *
 * @throws {ReplyError} why Redis refuses: it is full, a replica, or does not permit it to this user
 * @throws another error when Redis does not respond
 */
export async function probeWrite(client: RedisClient): Promise<void> {
  await client.eval(SCRIPT, 1, KEY, KEEP_MS)
}
