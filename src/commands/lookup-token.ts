import type { LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail'

/** Where a search goes on: AWS's token and the window that it belongs to. */
export interface LookupPosition {
  awsToken: string
  window: { StartTime: Date; EndTime: Date }
}

/** An opaque token that holds AWS's own and the window of its query, which must not move between pages. */
export function encodeLookupToken(
  query: LookupEventsCommandInput & { StartTime: Date; EndTime: Date },
  awsToken: string,
): string {
  const position = [awsToken, query.StartTime.getTime(), query.EndTime.getTime()]
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

/** The position in a token of encodeLookupToken(), or `undefined` when it is none. */
export function decodeLookupToken(token: string): LookupPosition | undefined {
  try {
    const position: unknown = JSON.parse(Buffer.from(token, 'base64url').toString())
    if (!Array.isArray(position)) return undefined
    const [awsToken, start, end] = position as unknown[]
    if (typeof awsToken !== 'string' || typeof start !== 'number' || typeof end !== 'number') {
      return undefined
    }
    return { awsToken, window: { StartTime: new Date(start), EndTime: new Date(end) } }
  } catch {
    return undefined
  }
}
