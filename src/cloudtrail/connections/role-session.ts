import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types'
import { assumeRole, type Role, type SessionKeys } from './assume-role.js'
import { roleFailure } from './role-failure.js'

/** The time before its end at which a session is renewed, in milliseconds: a signed request may take long to arrive. */
const RENEW_BEFORE_MS = 300_000

/**
 * The session of one assumed role. It is kept and renewed before its end, by one call of STS however many requests wait
 * for it (single-flight). A call that fails is not remembered; while the old session lasts, it is used.
 */
export class RoleSession {
  /**
   * The session's keys for the SDK. Marked as memoized, since it caches by itself: the SDK's own cache would continue with
   * keys that this session has discarded.
   */
  readonly provider: AwsCredentialIdentityProvider = Object.assign(() => this.credentials(), {
    memoized: true,
  })
  #keys: SessionKeys | undefined
  #openedAt = -Infinity
  #opening: Promise<SessionKeys> | undefined

  constructor(private readonly role: Role) {}

  /**
   * The keys of the session.
   *
   * @throws {FailureError} with STS's error, or the reason why STS was not reached
   */
  async credentials(): Promise<AwsCredentialIdentity> {
    const left = (this.#keys?.expiration.getTime() ?? 0) - Date.now()
    if (this.#keys && left > RENEW_BEFORE_MS) return this.#keys
    const opening = (this.#opening ??= this.#open())
    const keys = this.#keys
    return keys && left > 0 ? opening.catch(() => keys) : opening
  }

  /**
   * Discards a session that AWS declares expired before its time (its permissions were revoked, or clocks differ): the
   * next request gets a new one. A session opened after `moment`, on the clock of `performance.now()`, stays.
   */
  expiredAt(moment: number): void {
    if (this.#openedAt <= moment) this.#keys = undefined
  }

  async #open(): Promise<SessionKeys> {
    try {
      const keys = await assumeRole(this.role)
      this.#openedAt = performance.now()
      this.#keys = keys
      return keys
    } catch (error) {
      throw roleFailure(error, this.role.roleArn, this.role.stsEndpoint)
    } finally {
      this.#opening = undefined
    }
  }
}
