import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

import type { LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail'

import type { Call } from '../state/call.js'
import { modelledError } from '../errors.js'

/** Tokens are signed, so that only those which this sandbox gave out are taken. */
const SECRET = randomBytes(32)

/**
 * A short text that stands for a query of LookupEvents. A token is good only for the query that it
 * came from: the same account, region, attribute, times and category. The page size is free to change.
 */
export function queryOf(call: Call, input: LookupEventsCommandInput): string {
  const { LookupAttributes, StartTime, EndTime, EventCategory } = input
  const parts = [
    call.account.accountId,
    call.region,
    LookupAttributes?.map(({ AttributeKey, AttributeValue }) => [AttributeKey, AttributeValue]) ??
      [],
    StartTime?.getTime(),
    EndTime?.getTime(),
    EventCategory,
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}

/** The token for the page that follows an event. */
export function writePageToken(last: { time: number; id: string }, query: string): string {
  const position = `${last.time}.${last.id}`
  return `${Buffer.from(position).toString('base64url')}.${sign(position, query)}`
}

/**
 * The event that a token continues after.
 *
 * @throws AwsError `InvalidNextTokenException` for tokens that are made up, or of another query
 */
export function readPageToken(token: string, query: string): { time: number; id: string } {
  const [encoded = '', signature = ''] = token.split('.')
  const position = Buffer.from(encoded, 'base64url').toString()
  const expected = Buffer.from(sign(position, query))
  const given = Buffer.from(signature)
  const [time, id] = position.split('.')
  if (
    time === undefined ||
    id === undefined ||
    given.length !== expected.length ||
    !timingSafeEqual(given, expected)
  ) {
    throw modelledError('InvalidNextTokenException', 'The NextToken is not valid for this request.')
  }
  return { time: Number(time), id }
}

function sign(position: string, query: string): string {
  return createHmac('sha256', SECRET).update(`${query}.${position}`).digest('base64url')
}
