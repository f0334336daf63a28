import { RESPONSE_EXAMPLES } from './recorded-responses.js'

/** The examples of a command's successful responses, as a media type of OpenAPI has them. */
export function responseExamples(command: string): { examples?: object } {
  const found = (RESPONSE_EXAMPLES[command] ?? []).filter(({ status }) => status < 300)
  if (found.length === 0) return {}
  return {
    examples: Object.fromEntries(
      found.map(({ name, summary, value }) => [name, { summary, value }]),
    ),
  }
}
