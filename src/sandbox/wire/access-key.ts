import { randomBytes } from 'node:crypto'

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/**
 * Makes an access key id that holds an account, as AWS's own do (`accountIdOfAccessKey` reads it).
 *
 * @param prefix `AKIA` for the long-term key of a user, `ASIA` for the temporary key of a session
 * @param accountId 12 digits
 */
export function accessKeyIdOf(prefix: 'AKIA' | 'ASIA', accountId: string): string {
  // the generation bit, 40 bits of account, 9 that do not belong to it
  let bits = (1n << 49n) | (BigInt(accountId) << 9n) | BigInt(randomBytes(2).readUInt16BE() & 0x1ff)
  let encoded = ''
  for (let at = 0; at < 10; at += 1) {
    encoded = `${BASE32.charAt(Number(bits & 31n))}${encoded}`
    bits >>= 5n
  }
  const rest = Array.from(randomBytes(6), (byte) => BASE32.charAt(byte & 31)).join('')
  return `${prefix}${encoded}${rest}`
}
