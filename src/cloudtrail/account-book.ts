import type { Connection } from './connections/connection.js'
import { parseTrailArn } from './trail-name.js'
import type { WireBody } from './wire-response.js'

/** How many connections' accounts are remembered. */
const MAX_LEARNED = 10_000

/**
 * The account behind each connection: decoded from its access key id, or learned from AWS's answers, since the
 * quota belongs to the account, whatever key is used.
 */
export class AccountBook {
  readonly #learned = new Map<string, string>()

  /** The 12-digit account id, or `undefined` while it is not known. */
  accountOf(connection: Connection): string | undefined {
    return connection.accountId ?? this.#learned.get(connection.id)
  }

  /** What stands for the account at the quota: the account id, or the connection's digest until it is known. */
  quotaKeyOf(connection: Connection): string {
    return this.accountOf(connection) ?? connection.id
  }

  /**
   * Learns from an answer, for the quota. Only from what is the caller's own: the ARN of a trail that it just changed,
   * or the "for the user: 111122223333" of an unknown trail. The trail of an organization may be another account's,
   * also when a delegated administrator changes it.
   *
   * @returns the account, when this answer told it for the first time
   */
  learn(connection: Connection, operation: string, answer: WireBody | Error): string | undefined {
    if (this.accountOf(connection) !== undefined) return undefined
    const account =
      answer instanceof Error
        ? /^Unknown trail: .* for the user: (\d{12})$/.exec(answer.message)?.[1]
        : /^(Create|Update)/.test(operation) &&
            typeof answer.TrailARN === 'string' &&
            answer.IsOrganizationTrail !== true
          ? parseTrailArn(answer.TrailARN)?.accountId
          : undefined
    if (account === undefined) return undefined
    if (this.#learned.size >= MAX_LEARNED) this.#learned.clear()
    this.#learned.set(connection.id, account)
    return account
  }
}
