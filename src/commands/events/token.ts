import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import type { Range } from './page.js'
import type { Position } from './position.js'

/** Where a whole search continues. */
export interface SearchState {
  /** The range that was resolved when the search began. */
  window: Range
  /** A position for each region and value of the attribute that is asked of AWS; `null` where all is known. */
  places: { region: string; positions: (Position | null)[] }[]
}

/**
 * The longest token, in characters: it comes back in a body of at most 1 MiB. A search of every region for the 20 values
 * that a filter takes stays below it.
 */
export const MAX_TOKEN_LENGTH = 131_072

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * The tokens with which searches continue. A token is sealed (AES-256-GCM): nobody reads AWS's own token in it, changes
 * the position, or uses it for another query or another account than it was made for.
 *
 * The key comes from a secret that all replicas share and that outlives a restart, so that a token does too.
 */
export class LookupTokens {
  readonly #key: Buffer

  constructor(secret: string) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', 'lookup-events nextToken', 32))
  }

  /**
   * A search in so many places that AWS's own tokens would make this one too long continues by time alone.
   *
   * @param bound what the token is for, which must be the same when it comes back
   */
  seal(state: SearchState, bound: unknown): string {
    const token = this.#seal(state, bound)
    return token.length <= MAX_TOKEN_LENGTH ? token : this.#seal(withoutChains(state), bound)
  }

  #seal(state: SearchState, bound: unknown): string {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce).setAAD(digestOf(bound))
    const sealed = Buffer.concat([cipher.update(JSON.stringify(state), 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
  }

  /** The state in a token, or `undefined` when it was not made by this service for this query and account. */
  open(token: string, bound: unknown): SearchState | undefined {
    const bytes = Buffer.from(token, 'base64url')
    if (bytes.length <= NONCE_BYTES + TAG_BYTES) return undefined
    const nonce = bytes.subarray(0, NONCE_BYTES)
    const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
    const decipher = createDecipheriv(ALGORITHM, this.#key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(digestOf(bound))
      .setAuthTag(tag)
    try {
      const sealed = bytes.subarray(NONCE_BYTES + TAG_BYTES)
      const text = Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8')
      return JSON.parse(text) as SearchState
    } catch {
      return undefined
    }
  }
}

function withoutChains({ window, places }: SearchState): SearchState {
  const byTime = (position: Position | null) => {
    if (!position) return null
    const { chain: _chain, ...rest } = position
    return rest
  }
  return {
    window,
    places: places.map(({ region, positions }) => ({ region, positions: positions.map(byTime) })),
  }
}

function digestOf(bound: unknown): Buffer {
  return createHash('sha256').update(JSON.stringify(bound)).digest()
}
