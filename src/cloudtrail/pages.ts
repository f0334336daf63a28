import type { AwsResponse } from './call-parts.js'
import { FailureError } from '../envelope/failure.js'
import { serviceFailure } from '../envelope/service-failure.js'

/** The most pages of one command; a list that continues beyond them never ends. */
const MAX_PAGES = 1_000

/**
 * Follows an operation's pages to the end, as far as the caller reads on.
 *
 * @param ask requests a page; the first without a token
 * @throws {FailureError} of the call, or when the endpoint repeats a NextToken, which would never end
 */
export async function* pagesOf<Output extends { NextToken?: string | undefined }>(
  ask: (nextToken: string | undefined) => Promise<AwsResponse<Output>>,
): AsyncGenerator<AwsResponse<Output>> {
  const seen = new Set<string>()
  let token: string | undefined
  do {
    const page = await ask(token)
    yield page
    token = page.output.NextToken
    if (token !== undefined && (seen.has(token) || seen.size >= MAX_PAGES)) {
      throw endless(seen.has(token) ? 'The endpoint repeated a NextToken.' : 'The list has no end.')
    }
    if (token !== undefined) seen.add(token)
  } while (token !== undefined)
}

function endless(message: string): FailureError {
  return new FailureError(
    serviceFailure('RepeatedNextToken', `${message} The pages until then are in the response.`, {
      source: 'aws',
      statusCode: 200,
      attempts: 1,
    }),
  )
}
