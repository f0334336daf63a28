import type { Range } from './page.js'

/**
 * Where a search of one attribute in one region continues: everything newer is known.
 *
 * `chain` is the short way: the page of AWS's own in which the search stopped. AWS says nothing of how long its tokens
 * live, so `after` is the sure way: the last event that was known, found again by its time and id.
 */
export interface Position {
  /** The newest second that still has something to give. */
  to: number
  chain?: {
    /** The range that AWS was asked for, which its token belongs to. */
    range: Range
    token: string
    /** How many events of that page are known already. */
    offset: number
  }
  after?: {
    second: number
    /** How many events of that second are known already. */
    count: number
    eventId: string
  }
}

/** The position of a search that has not begun. */
export function startOf(range: Range): Position {
  return { to: range.to }
}
