import { channel } from 'node:diagnostics_channel'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import type { Test } from 'tap'
import { waitFor } from './wait-for.js'

/** Text published here is searched for secrets (search-leaks.mjs). */
const written = channel('test.written')

/** A span received by OTLP/HTTP. */
export interface ArrivedSpan {
  name: string
  kind: number
  traceId: string
  spanId: string
  parentSpanId?: string
  start: bigint
  end: bigint
  /** 2 is an error. */
  status: number | undefined
  attributes: Record<string, string | number | boolean>
  service: string
}

/** A small OpenTelemetry collector. */
export interface Collector {
  url: string
  /** The paths and headers of the requests. */
  requests: { path: string; headers: IncomingHttpHeaders }[]
  spans: ArrivedSpan[]
  /** Waits for the span of a command, and returns it with its child spans in the order of their start. */
  trace(command: string): Promise<{ root: ArrivedSpan; steps: ArrivedSpan[] }>
}

const valueOf = (value: Record<string, any>) =>
  value.intValue === undefined ? Object.values(value)[0] : Number(value.intValue)

const attributesOf = (list: { key: string; value: Record<string, any> }[] = []) =>
  Object.fromEntries(list.map(({ key, value }) => [key, valueOf(value)]))

function spansOf(body: Record<string, any>): ArrivedSpan[] {
  return body.resourceSpans.flatMap(({ resource, scopeSpans }: any) =>
    scopeSpans.flatMap(({ spans }: any) =>
      spans.map((span: any) => ({
        ...span,
        start: BigInt(span.startTimeUnixNano),
        end: BigInt(span.endTimeUnixNano),
        status: span.status?.code,
        attributes: attributesOf(span.attributes),
        service: attributesOf(resource.attributes)['service.name'],
      })),
    ),
  )
}

/**
 * Starts a collector, which is closed with the test.
 *
 * @param silent accepts requests and never responds
 */
export async function startCollector(t: Test, silent = false): Promise<Collector> {
  const requests: Collector['requests'] = []
  const spans: ArrivedSpan[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const bytes = Buffer.concat(chunks)
      const text = (
        request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
      ).toString()
      written.publish({ where: 'a trace', text })
      requests.push({ path: request.url ?? '', headers: request.headers })
      spans.push(...spansOf(JSON.parse(text) as Record<string, any>))
      if (!silent) response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    spans,
    async trace(command) {
      const root = await waitFor(`the span of ${command} arrives`, () =>
        spans.find(({ name }) => name === command),
      )
      const steps = spans
        .filter(({ parentSpanId }) => parentSpanId === root.spanId)
        .sort((a, b) => Number(a.start - b.start))
      return { root, steps }
    },
  }
}
