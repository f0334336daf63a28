import type { ValidationError } from '../../envelope/validation-error.js'
import type { Range } from './page.js'

/** How far back the event history goes, in milliseconds. */
const HISTORY_MS = 90 * 24 * 3600 * 1000

/** What a start that was left out, or that has slipped out of the history since, keeps from its edge. */
const EDGE_MS = 60_000

/** The largest number that can be epoch seconds: above it somebody means milliseconds. */
const MAX_EPOCH_SECONDS = 1e11

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * What a time may look like when it is a text: ISO 8601 with an offset (RFC 3339), epoch seconds as digits, or a time
 * ago: `-15m`, `-2h`, `-7d`.
 */
export const TIME_PATTERN =
  '^(\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2})|\\d{1,13}|-\\d{1,7}[smhd])$'

/** The times of a search as a request writes them. */
export interface WindowFields {
  startTime?: string | number
  endTime?: string | number
}

/**
 * Reads a time, in milliseconds since 1970.
 *
 * @param now what relative times count from, likewise
 * @returns `undefined` for a time that does not exist, such as February 30th, and for milliseconds in place of seconds
 */
export function parseTime(time: string | number, now: number): number | undefined {
  if (typeof time === 'number' || /^\d+$/.test(time)) {
    const seconds = Number(time)
    return seconds <= MAX_EPOCH_SECONDS ? seconds * 1000 : undefined
  }
  const [, amount, unit] = /^-(\d+)([smhd])$/.exec(time) ?? []
  if (amount !== undefined) return now - Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS]
  const read = Date.parse(time)
  return Number.isNaN(read) || !isSameDay(time) ? undefined : read
}

/** Whether the date exists: Date.parse() takes February 30th for March 2nd. */
function isSameDay(time: string): boolean {
  const date = time.slice(0, 10)
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date)
}

/** The validation errors of a search's times, each by itself. */
export function timeErrors(
  { startTime, endTime }: WindowFields,
  now = Date.now(),
): ValidationError[] {
  return Object.entries({ startTime, endTime }).flatMap(([field, time]) =>
    time !== undefined && parseTime(time, now) === undefined
      ? [{ field, message: 'must be a time that exists; a number is epoch seconds' }]
      : [],
  )
}

/** The validation errors of the window of a search that begins now. */
export function windowErrors(fields: WindowFields, now = Date.now()): ValidationError[] {
  const errors = timeErrors(fields, now)
  if (errors.length > 0) return errors
  const { startTime, endTime } = fields
  const start = startTime === undefined ? undefined : parseTime(startTime, now)
  const end = (endTime === undefined ? undefined : parseTime(endTime, now)) ?? now
  // a second of grace: "-90d" is within the last 90 days
  if (start !== undefined && start < now - HISTORY_MS - 1000) {
    errors.push({ field: 'startTime', message: 'must be within the last 90 days' })
  }
  if (start !== undefined && start > end) {
    errors.push({ field: 'startTime', message: 'must not be after endTime' })
  } else if (end < now - HISTORY_MS) {
    errors.push({ field: 'endTime', message: 'must be within the last 90 days' })
  }
  return errors
}

/**
 * The range of a search, fixed before its first call: a "now" that moves would break AWS's tokens. Events happen at
 * whole seconds, so a start is rounded up and an end down.
 */
export function resolveWindow(fields: WindowFields, now = Date.now()): Range {
  const { startTime, endTime } = fields
  const start = startTime === undefined ? -Infinity : (parseTime(startTime, now) ?? -Infinity)
  const end = endTime === undefined ? now : (parseTime(endTime, now) ?? now)
  return {
    from: Math.ceil(Math.max(start, now - HISTORY_MS + EDGE_MS) / 1000),
    to: Math.floor(end / 1000),
  }
}
