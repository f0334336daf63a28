const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** An access key id: four letters that name its kind, then base32. */
const ACCESS_KEY_ID = /^[A-Z]{4}[A-Z2-7]{12,}$/

/**
 * The 12-digit account id that AWS encodes in an access key id, or `undefined` where the id holds none.
 *
 * The id after its four-letter prefix is base32; bits 1 to 40 of it are the account (Aidan Steele 2020,
 * Tal Be'ery 2023; AWS does not document it). Ids of the old generation, whose fifth character is A to P,
 * hold no account. There is no checksum, so the result is good enough to choose a quota limiter and
 * never good enough to authorise anything.
 *
 * @param accessKeyId for example `ASIAQNZGKIQY56JQ7WML`, which holds `029608264753`
 */
export function accountIdOfAccessKey(accessKeyId: string): string | undefined {
  if (!ACCESS_KEY_ID.test(accessKeyId)) return undefined
  let bits = 0n
  for (const character of accessKeyId.slice(4, 14)) {
    bits = (bits << 5n) | BigInt(BASE32.indexOf(character))
  }
  // 50 bits read: the generation bit, 40 bits of account, 9 that do not belong to it
  const isNewGeneration = bits >> 49n === 1n
  if (!isNewGeneration) return undefined
  return ((bits >> 9n) & 0xffffffffffn).toString().padStart(12, '0')
}
