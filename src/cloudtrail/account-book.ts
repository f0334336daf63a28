import type { Operation } from '../aws/operations.js'
import type { Connection } from './connections/connection.js'
import { parseTrailArn } from '../aws/trail-name.js'
import type { WireBody } from './wire-body.js'

/** The most connections whose accounts are remembered. */
const MAX_LEARNED = 10_000

/**
 * The account behind each connection: decoded from its access key id, or learned from AWS's responses, since the
 * quota belongs to the account, whatever key is used.
 */
export class AccountBook {
  readonly #learned = new Map<string, string>()

  /** The 12-digit account id, or `undefined` while it is not known. */
  accountOf(connection: Connection): string | undefined {
    return connection.accountId ?? this.#learned.get(connection.id)
  }

  /** The account's key at the quota: the account id, or the connection's digest until it is known. */
  quotaKeyOf(connection: Connection): string {
    return this.accountOf(connection) ?? connection.id
  }

  /**
   * Learns from a response, for the quota. Only from the caller's own: the ARN of a trail that it just created or
   * updated, or the "for the user: 111122223333" of an unknown trail. The trail of an organization may be another
   * account's, also when a delegated administrator updates it.
   *
   * @returns the account, when this response is the first to hold it
   */
  learn(
    connection: Connection,
    operation: Operation,
    response: WireBody | Error,
  ): string | undefined {
    if (this.accountOf(connection) !== undefined) return undefined
    const account =
      response instanceof Error
        ? /^Unknown trail: .* for the user: (\d{12})$/.exec(response.message)?.[1]
        : (operation === 'CreateTrail' || operation === 'UpdateTrail') &&
            typeof response.TrailARN === 'string' &&
            response.IsOrganizationTrail !== true
          ? parseTrailArn(response.TrailARN)?.accountId
          : undefined
    if (account === undefined) return undefined
    if (this.#learned.size >= MAX_LEARNED) this.#learned.clear()
    this.#learned.set(connection.id, account)
    return account
  }
}
