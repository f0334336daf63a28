import { readFileSync } from 'node:fs'

/** A response of a command on the sandbox, with the summary of the request's example. */
export interface RecordedResponse {
  summary: string
  value: unknown
}

/** The response to the first example of each command. `npm run openapi` records them. */
export const RECORDED_RESPONSES = JSON.parse(
  readFileSync(new URL('assets/recorded-responses.json', import.meta.url), 'utf8'),
) as Record<string, RecordedResponse>
