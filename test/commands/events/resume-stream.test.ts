import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import t from 'tap'
import { END, History } from '../../support/history.js'
import { startHistoryEndpoint } from '../../support/history-endpoint.js'
import { startSandboxService, startServiceAt, type TestService } from '../../support/service.js'

/** Streams a search, and cuts the connection after so many lines. */
async function linesOf(service: TestService, body: object, most: number): Promise<any[]> {
  const headers = { 'content-type': 'application/json', accept: 'application/x-ndjson' }
  const url = `${service.url}/commands/lookup-events`
  const sent = request(url, { method: 'POST', headers, agent: false })
  sent.end(JSON.stringify(body))
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk
    if (text.split('\n').length > most) break
  }
  const lines = text.split('\n').slice(0, -1)
  return lines.slice(0, most).map((line) => JSON.parse(line))
}

/** A client that goes on at the last checkpoint, as the documentation says; every connection breaks after so many lines. */
async function collect(services: TestService[], query: { limit: number }, most: number) {
  const events: any[] = []
  let nextToken: string | undefined
  for (let connections = 1; ; connections += 1) {
    const service = services[connections % services.length]!
    const limit = query.limit - events.length
    const body = { ...query, limit, ...(nextToken !== undefined && { nextToken }) }
    const lines = await linesOf(service, body, most)
    const rows = lines.flatMap(({ event = [] }) => event)
    const envelope = lines.at(-1)?.envelope
    if (envelope) return { ids: idsOf([...events, ...rows]), envelope, connections }
    const checkpoint = lines.findLast((line) => line.checkpoint)?.checkpoint
    if (!checkpoint) continue
    events.push(...rows.slice(0, checkpoint.rows))
    nextToken = checkpoint.nextToken
  }
}

const idsOf = (rows: any[]) => rows.map(({ data }) => data.eventId)

t.test(
  'a stream that breaks after 50 lines goes on without losing or doubling events',
  async (t) => {
    // 170 events of one second, more than three pages, between events of their own seconds
    const seconds = Array.from({ length: 400 }, (_, index) =>
      index < 100 ? END - index : index < 270 ? END - 100 : END - index,
    )
    const history = new History(seconds)
    const endpoint = await startHistoryEndpoint(t, history)
    const services = [await startServiceAt(t, endpoint.url), await startServiceAt(t, endpoint.url)]
    const query = { startTime: END - 1000, endTime: END, limit: 1000 }
    const all = history.events.map(({ EventId }) => EventId)
    for (const most of [50, 200]) {
      const { ids, connections, envelope } = await collect(services, query, most)
      t.same(ids, all, `cut after ${most} lines`)
      t.ok(connections > 2, `${connections} connections`)
      t.equal(envelope.returnData, 'Successful')
    }
    const limited = await collect(services, { ...query, limit: 333 }, 50)
    t.same(limited.ids, all.slice(0, 333), 'with a limit that the client counts down')
  },
)

t.test('a broken stream of several regions and filters goes on where it was', async (t) => {
  const service = await startSandboxService(t)
  const query = {
    regions: ['us-east-1', 'eu-west-1'],
    filters: { EventName: ['DescribeInstances', 'ConsoleLogin', 'AssumeRole'] },
    startTime: new Date(Date.now() - 5 * 86_400_000).toISOString(),
    endTime: new Date().toISOString(),
    limit: 300,
  }
  const whole = idsOf((await linesOf(service, query, 1e6)).flatMap(({ event = [] }) => event))
  t.ok(whole.length > 100, `${whole.length} events`)
  const { ids, connections } = await collect([service], query, 60)
  t.same(ids, whole)
  t.ok(connections > 1, `${connections} connections`)
})

t.test('a search that finds little has checkpoints all the same', async (t) => {
  const history = new History(Array.from({ length: 300 }, (_, index) => END - index))
  const endpoint = await startHistoryEndpoint(t, history)
  const service = await startServiceAt(t, endpoint.url)
  const filters = { errorCode: ['AccessDenied'] }
  const lines = await linesOf(service, { filters, limit: 10 }, 1e6)
  t.ok(lines.filter(({ checkpoint }) => checkpoint?.rows === 0).length >= 11)
  t.match(lines.at(-1).envelope.meta, { scanned: 300, matched: 0 })
})
