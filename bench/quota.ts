import {
  CloudTrailClient,
  GetTrailCommand,
  LookupEventsCommand,
  StopLoggingCommand,
} from '@aws-sdk/client-cloudtrail'
import type { ApiClass } from '../src/aws/api-class.js'
import { ACCESS_KEY, AWS_TPS, startEndpoint, startService } from './service.js'
import { printTable } from './table.js'

/** Calls in all, and callers at once. */
const WORK: Record<ApiClass, { calls: number; callers: number }> = {
  read: { calls: 200, callers: 20 },
  lookup: { calls: 40, callers: 8 },
  write: { calls: 20, callers: 5 },
}

type Call = (apiClass: ApiClass, name: string) => Promise<boolean>

/** Every class's work at once, by its callers; how it went at the endpoint. */
async function run(who: string, url: string, makeCaller: (url: string) => Call) {
  const lost: Record<ApiClass, number> = { read: 0, lookup: 0, write: 0 }
  await Promise.all(
    Object.entries(WORK).flatMap(([apiClass, { calls, callers }]) =>
      Array.from({ length: callers }, async (_, caller) => {
        const call = makeCaller(url)
        for (let number = 0; number < calls / callers; number++) {
          const name = `${who}-${caller}-${number}`
          if (!(await call(apiClass as ApiClass, name))) lost[apiClass as ApiClass] += 1
        }
      }),
    ),
  )
  return lost
}

function serviceCaller(url: string): Call {
  const bodies = {
    read: (name: string) => ['get-trails', { trailNames: [name] }] as const,
    lookup: (name: string) =>
      ['lookup-events', { attributeKey: 'Username', attributeValue: name }] as const,
    write: (name: string) => ['stop-logging', { trailNames: [name] }] as const,
  }
  return async (apiClass, name) => {
    const [command, body] = bodies[apiClass](name)
    const response = await fetch(`${url}/commands/${command}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    await response.arrayBuffer()
    return response.status === 200
  }
}

function sdkCaller(retryMode: 'standard' | 'adaptive') {
  return (url: string): Call => {
    const client = new CloudTrailClient({
      endpoint: url,
      region: 'us-east-1',
      credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: 'not-a-secret' },
      retryMode,
    })
    const send = (apiClass: ApiClass, name: string): Promise<unknown> => {
      if (apiClass === 'read') return client.send(new GetTrailCommand({ Name: name }))
      if (apiClass === 'write') return client.send(new StopLoggingCommand({ Name: name }))
      const attribute = { AttributeKey: 'Username', AttributeValue: name } as const
      return client.send(new LookupEventsCommand({ LookupAttributes: [attribute] }))
    }
    return (apiClass, name) =>
      send(apiClass, name).then(
        () => true,
        () => false,
      )
  }
}

/** 200 reads, 40 lookups and 20 changes, by this service and by the SDK's own retry modes. */
export async function benchQuota(): Promise<void> {
  const rows: (string | number)[][] = [
    ['who', 'class', 'seconds', 'of the bound', 'attempts', 'throttled', 'lost'],
  ]
  const contenders: [
    string,
    (endpoint: string) => Promise<[string, (url: string) => Call, () => void]>,
  ][] = [
    [
      'this service',
      async (endpoint) => {
        const { url, child } = await startService(endpoint)
        return [url, serviceCaller, () => child.kill()]
      },
    ],
    [
      'SDK standard',
      (endpoint) => Promise.resolve([endpoint, sdkCaller('standard'), () => undefined]),
    ],
    [
      'SDK adaptive',
      (endpoint) => Promise.resolve([endpoint, sdkCaller('adaptive'), () => undefined]),
    ],
  ]
  for (const [who, start] of contenders) {
    const endpoint = await startEndpoint()
    const [url, caller, end] = await start(endpoint.url)
    const lost = await run(who.replace(' ', '-'), url, caller)
    const { arrivals } = await endpoint.report()
    for (const [apiClass, { calls }] of Object.entries(WORK) as [ApiClass, { calls: number }][]) {
      const own = arrivals.filter((arrival) => arrival.apiClass === apiClass)
      const times = own.map(({ at }) => at)
      const seconds = (Math.max(...times) - Math.min(...times)) / 1000
      const tps = AWS_TPS[apiClass]
      const bound = (calls - tps) / tps
      const throttled = own.filter((arrival) => arrival.throttled).length
      rows.push([
        who,
        apiClass,
        seconds.toFixed(2),
        (seconds / bound).toFixed(3),
        own.length,
        throttled,
        lost[apiClass],
      ])
    }
    end()
    endpoint.close()
  }
  printTable(
    '200 reads by 20 callers, 40 lookups by 8, 20 changes by 5, at an endpoint that throttles as AWS does',
    rows,
  )
}
