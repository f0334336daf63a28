import { randomBytes } from 'node:crypto'

import { accessKeyIdOf } from '../wire/access-key.js'
import { commonError, invalidToken } from '../errors.js'

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

/** How many sessions are known at a time; the oldest is forgotten for a new one. */
const KEPT = 10_000

/** The sessions that AssumeRole has opened, by access key id. */
export class Sessions {
  readonly #sessions = new Map<string, Session>()

  /** Opens a session of a role. `now` and `expiresAt` are in milliseconds since 1970. */
  open(role: { accountId: string; arn: string }, name: string, now: number, expiresAt: number) {
    const session: Session = {
      accessKeyId: accessKeyIdOf('ASIA', role.accountId),
      secretAccessKey: `sandbox-not-a-secret-${randomBytes(12).toString('base64url')}`,
      sessionToken: `sandbox-session-${randomBytes(48).toString('base64url')}`,
      accountId: role.accountId,
      roleArn: role.arn,
      sessionName: name,
      createdAt: now,
      expiresAt,
    }
    this.#sessions.set(session.accessKeyId, session)
    const [oldest] = this.#sessions.keys()
    if (this.#sessions.size > KEPT && oldest !== undefined) this.#sessions.delete(oldest)
    return session
  }

  /**
   * The session that a request belongs to; `undefined` for requests with long-term keys.
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

  /** Lets every session expire now, as if its time had passed. */
  expire(now: number): void {
    for (const session of this.#sessions.values()) session.expiresAt = now
  }

  /** Forgets every session. */
  reset(): void {
    this.#sessions.clear()
  }
}
