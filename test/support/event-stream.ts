import { once } from 'node:events'
import { request } from 'node:http'
import { createInterface } from 'node:readline'
import type { Test } from 'tap'

/** Runs Lookup Events as a stream, and waits for `onLine` after each parsed line. */
export async function streamEvents(
  t: Test,
  url: string,
  body: object,
  onLine: (line: any) => unknown,
) {
  const sent = request(`${url}/commands/lookup-events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/x-ndjson',
      // a slow machine changes nothing of the stream
      'x-deadline-ms': '240000',
    },
  })
  t.teardown(() => sent.destroy())
  sent.end(JSON.stringify(body))
  const [response] = await once(sent, 'response')
  for await (const line of createInterface({ input: response })) await onLine(JSON.parse(line))
  return response
}
