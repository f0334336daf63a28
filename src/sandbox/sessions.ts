import { randomBytes } from 'node:crypto'

import { commonError, invalidToken } from './errors.js'

/** The temporary credentials of an assumed role. */
export interface Session {
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string
  accountId: string
  roleArn: string
  sessionName: string
  /** In milliseconds since 1970. */
  createdAt: number
  expiresAt: number
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The sessions that AssumeRole has opened, by access key id. */
export class Sessions {
  readonly #sessions = new Map<string, Session>()

  /** Opens a session of a role. `now` and `expiresAt` are in milliseconds since 1970. */
  open(role: { accountId: string; arn: string }, name: string, now: number, expiresAt: number) {
    const session: Session = {
      accessKeyId: temporaryKeyId(role.accountId),
      secretAccessKey: `sandbox-not-a-secret-${randomBytes(12).toString('base64url')}`,
      sessionToken: `sandbox-session-${randomBytes(48).toString('base64url')}`,
      accountId: role.accountId,
      roleArn: role.arn,
      sessionName: name,
      createdAt: now,
      expiresAt,
    }
    this.#sessions.set(session.accessKeyId, session)
    return session
  }

  /**
   * The session that a request belongs to; `undefined` for requests with lasting keys.
   *
   * @throws AwsError `ExpiredTokenException`, or `UnrecognizedClientException` for a token that was not given
   * out here with this key, and for a temporary key without its token
   */
  check(
    accessKeyId: string,
    token: string | string[] | undefined,
    now: number,
  ): Session | undefined {
    const session = this.#sessions.get(accessKeyId)
    if (session === undefined) {
      if (token !== undefined || accessKeyId.startsWith('ASIA')) throw invalidToken()
      return undefined
    }
    if (session.sessionToken !== token) throw invalidToken()
    if (session.expiresAt <= now) {
      throw commonError(
        'ExpiredTokenException',
        'The security token included in the request is expired',
      )
    }
    return session
  }

  /** Ends every session. */
  reset(): void {
    this.#sessions.clear()
  }
}

/** A temporary access key id that holds the account, as AWS's own do: see `accountIdOfAccessKey`. */
function temporaryKeyId(accountId: string): string {
  // the generation bit, 40 bits of account, 9 that do not belong to it
  let bits = (1n << 49n) | (BigInt(accountId) << 9n) | BigInt(randomBytes(2).readUInt16BE() & 0x1ff)
  let encoded = ''
  for (let at = 0; at < 10; at += 1) {
    encoded = `${BASE32[Number(bits & 31n)] ?? ''}${encoded}`
    bits >>= 5n
  }
  const rest = [...randomBytes(6)].map((byte) => BASE32[byte & 31]).join('')
  return `ASIA${encoded}${rest}`
}
