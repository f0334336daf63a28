import t from 'tap'
import type { FailureError } from '../../../src/envelope/failure.js'
import { inRegion } from '../../../src/cloudtrail/connections/in-region.js'
import type { Connection } from '../../../src/cloudtrail/connections/connection.js'

const connection = (endpoint: string, region: string): Connection => ({
  name: 'default',
  endpoint,
  region,
  credentials: () => Promise.reject(new Error('not asked for')),
  session: undefined,
  identity: {},
  accountId: '111122223333',
  id: 'one',
  sandbox: false,
})

t.test('a public host of AWS becomes the same kind of host of the other region', async (t) => {
  for (const [host, from, to, expected] of [
    ['cloudtrail.us-east-1.amazonaws.com', 'us-east-1', 'eu-west-1', 'eu-west-1.amazonaws.com'],
    [
      'cloudtrail-fips.us-east-1.amazonaws.com',
      'us-east-1',
      'us-west-2',
      'us-west-2.amazonaws.com',
    ],
    ['cloudtrail.us-east-1.api.aws', 'us-east-1', 'ap-south-1', 'ap-south-1.api.aws'],
    [
      'cloudtrail.cn-north-1.amazonaws.com.cn',
      'cn-north-1',
      'cn-northwest-1',
      'cn-northwest-1.amazonaws.com.cn',
    ],
    [
      'cloudtrail.us-gov-east-1.amazonaws.com',
      'us-gov-east-1',
      'us-gov-west-1',
      'us-gov-west-1.amazonaws.com',
    ],
  ] as const) {
    const moved = inRegion(connection(`https://${host}`, from), to)
    t.equal(moved.endpoint, `https://${host.split('.')[0]!}.${expected}`)
    t.equal(moved.region, to)
    t.not(moved.id, 'one', 'another region never shares a client')
    t.equal(moved.accountId, '111122223333')
  }
})

t.test('an allowed origin stays the origin, and only the signing region changes', async (t) => {
  const moved = inRegion(connection('http://127.0.0.1:4010', 'us-east-1'), 'eu-west-1')
  t.match(moved, { endpoint: 'http://127.0.0.1:4010', region: 'eu-west-1' })
})

t.test('the region of the connection is the connection itself', async (t) => {
  const here = connection('https://cloudtrail.us-east-1.amazonaws.com', 'us-east-1')
  t.equal(inRegion(here, 'us-east-1'), here)
})

t.test(
  'a VPC endpoint and another partition are not left for a host that nobody allowed',
  async (t) => {
    const vpce = 'https://vpce-0123456789abcdef0-abcd1234.cloudtrail.us-east-1.vpce.amazonaws.com'
    const refused = (from: Connection, region: string) => {
      const error = t.throws(() => inRegion(from, region)) as FailureError
      t.match(error.failure, { code: 'RegionNotReachable', attempts: 0, source: 'service' })
    }
    refused(connection(vpce, 'us-east-1'), 'eu-west-1')
    const aws = connection('https://cloudtrail.us-east-1.amazonaws.com', 'us-east-1')
    refused(aws, 'cn-north-1')
    refused(aws, 'zz-nowhere-9')
    refused(aws, 'x.evil.example')
  },
)
