/*
 * Loaded into every test process, and into every service that a test starts as a process of its own: compares each response
 * of the service with the OpenAPI document. A deviation is an unhandled rejection, which fails the running test. The number
 * of responses and the deviations are added to .build/api-responses/: the suite fails on one in a process whose end no test
 * looks at.
 */
import { subscribe } from 'node:diagnostics_channel'
import { appendFileSync, mkdirSync } from 'node:fs'
import process from 'node:process'

const STREAM = 'application/x-ndjson'

/** Events of one stream that are checked; those that follow are made in the same way. */
const MAX_EVENTS = 1_000

/** A file of this process, one byte for each response: a process that is killed has counted too. */
const counter = new URL(`../../api-responses/${process.pid}`, import.meta.url)
mkdirSync(new URL('.', counter), { recursive: true })
const deviationsFile = new URL('deviations', counter)

subscribe('fastify.initialization', ({ fastify }) => {
  const bodies = new WeakMap()
  fastify.addHook('onRequest', (request, { raw }, done) => {
    // a stream is written past Fastify, in whole lines, and may be too long to be kept
    const { write } = raw
    let events = 0
    raw.write = (chunk, ...rest) => {
      const isEvent = String(chunk).startsWith('{"event"')
      if (isEvent) events += 1
      const isStream = raw.getHeader('content-type') === STREAM
      if (isStream && !(isEvent && events > MAX_EVENTS)) void check(request, raw, String(chunk))
      return write.call(raw, chunk, ...rest)
    }
    done()
  })
  fastify.addHook('onSend', (_request, { raw }, payload, done) => {
    // files are piped
    if (typeof payload?.pipe !== 'function') bodies.set(raw, String(payload ?? ''))
    done()
  })
  fastify.addHook('onResponse', (request, { raw }, done) => {
    const body = bodies.get(raw)
    if (body !== undefined) void check(request, raw, body)
    appendFileSync(counter, '.')
    done()
  })
})

async function check({ method, routeOptions: { url: route } }, raw, body) {
  const response = { method, route, status: raw.statusCode, headers: { ...raw.getHeaders() }, body }
  // loaded with the first response, because many tests have none
  const { deviations } = await import('./api-document.js')
  const found = deviations(response)
  if (found.length > 0) {
    if (!process.env.EXPECT_DEVIATIONS) appendFileSync(deviationsFile, `${found.join('\n')}\n`)
    throw new Error(`A response is not as the OpenAPI document says: ${found.join('; ')}`)
  }
}
