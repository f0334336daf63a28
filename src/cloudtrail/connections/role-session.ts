import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types'
import { roleFailure } from './role-failure.js'

/** The length of a session, in seconds: the longest that a role chained from another one may have. */
const SESSION_SECONDS = 3600

/** How long before its end a session is renewed, in milliseconds: a signed request may have to travel. */
const RENEW_BEFORE_MS = 300_000

/** How STS names the session in CloudTrail's own events: `assumed-role/<role>/cloudtrail-commands`. */
export const SESSION_NAME = 'cloudtrail-commands'

/** A role, and how it is assumed. */
export interface Role {
  /** `arn:aws:iam::111122223333:role/name`. */
  readonly roleArn: string
  /** The external id that the role's trust policy asks for. */
  readonly externalId: string | undefined
  /** Origin of STS. */
  readonly stsEndpoint: string
  readonly region: string
  /** Who assumes it. */
  readonly source: AwsCredentialIdentityProvider
}

/** What an assumed role gives: keys that end. */
interface Session extends AwsCredentialIdentity {
  readonly expiration: Date
}

/**
 * The session of one assumed role. It is kept and renewed before its end, by one call of STS however many wait for it.
 * A call that fails is not remembered; while the old session lasts, it is used.
 */
export class RoleSession {
  #session: Session | undefined
  #openedAt = -Infinity
  #opening: Promise<Session> | undefined

  constructor(private readonly role: Role) {}

  /**
   * The keys of the session.
   *
   * @throws {FailureError} with what STS answered, or why it was not reached
   */
  async credentials(): Promise<AwsCredentialIdentity> {
    const left = (this.#session?.expiration.getTime() ?? 0) - Date.now()
    if (this.#session && left > RENEW_BEFORE_MS) return this.#session
    const opening = (this.#opening ??= this.#open())
    const session = this.#session
    return session && left > 0 ? opening.catch(() => session) : opening
  }

  /**
   * AWS says that the session has expired before its time (its permissions were revoked, or clocks differ): the next to
   * ask gets a new one. What was opened after `moment`, on the clock of `performance.now()`, stays.
   */
  expiredAt(moment: number): void {
    if (this.#openedAt <= moment) this.#session = undefined
  }

  async #open(): Promise<Session> {
    try {
      const session = await assumeRole(this.role)
      this.#openedAt = performance.now()
      this.#session = session
      return session
    } catch (error) {
      throw roleFailure(error, this.role.roleArn, this.role.stsEndpoint)
    } finally {
      this.#opening = undefined
    }
  }
}

/** One call of STS, with its own client: a session is opened once an hour. */
async function assumeRole(role: Role): Promise<Session> {
  // loaded when the first role is assumed: most services never do
  const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts')
  // everything explicit, as in the client of CloudTrail: the environment redirects nothing
  const client = new STSClient({
    endpoint: role.stsEndpoint,
    region: role.region,
    credentials: role.source,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    retryMode: 'standard',
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: 3_000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
    },
  })
  try {
    const { Credentials: given } = await client.send(
      new AssumeRoleCommand({
        RoleArn: role.roleArn,
        RoleSessionName: SESSION_NAME,
        DurationSeconds: SESSION_SECONDS,
        ...(role.externalId !== undefined && { ExternalId: role.externalId }),
      }),
    )
    if (!given?.AccessKeyId || !given.SecretAccessKey || !given.SessionToken || !given.Expiration) {
      throw new TypeError('STS answered without credentials')
    }
    return {
      accessKeyId: given.AccessKeyId,
      secretAccessKey: given.SecretAccessKey,
      sessionToken: given.SessionToken,
      expiration: given.Expiration,
    }
  } finally {
    client.destroy()
  }
}
