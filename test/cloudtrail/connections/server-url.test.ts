import t from 'tap'
import { checkServerUrl, parseAllowlist } from '../../../src/cloudtrail/connections/server-url.js'

const none = new Set<string>()

t.test('the CloudTrail hosts of every partition are taken, with their region', async (t) => {
  const hosts: Record<string, string> = {
    'cloudtrail.us-east-1.amazonaws.com': 'us-east-1',
    'cloudtrail-fips.us-west-2.amazonaws.com': 'us-west-2',
    'cloudtrail.us-gov-west-1.amazonaws.com': 'us-gov-west-1',
    'cloudtrail.eu-central-2.api.aws': 'eu-central-2',
    'cloudtrail.cn-north-1.amazonaws.com.cn': 'cn-north-1',
    'cloudtrail.cn-northwest-1.api.amazonwebservices.com.cn': 'cn-northwest-1',
    'cloudtrail.eusc-de-east-1.amazonaws.eu': 'eusc-de-east-1',
    'cloudtrail.us-iso-east-1.c2s.ic.gov': 'us-iso-east-1',
    'cloudtrail.us-isob-east-1.sc2s.sgov.gov': 'us-isob-east-1',
    'cloudtrail.eu-isoe-west-1.cloud.adc-e.uk': 'eu-isoe-west-1',
    'cloudtrail.us-isof-south-1.csp.hci.ic.gov': 'us-isof-south-1',
    'vpce-0123456789abcdef0-abcd1234.cloudtrail.us-east-1.vpce.amazonaws.com': 'us-east-1',
    'vpce-0123456789abcdef0-abcd1234-us-gov-west-1a.cloudtrail.us-gov-west-1.vpce.amazonaws.com':
      'us-gov-west-1',
    'vpce-0123456789abcdef0-abcd1234-cn-north-1b.cloudtrail.cn-north-1.vpce.amazonaws.com.cn':
      'cn-north-1',
    'vpce-0123456789abcdef0-abcd1234-us-east-1a.cloudtrail.us-east-1.vpce.amazonaws.com':
      'us-east-1',
  }
  for (const [host, region] of Object.entries(hosts)) {
    t.same(checkServerUrl(`https://${host}`, none), { origin: `https://${host}`, region })
    t.same(checkServerUrl(`https://${host}/`, none), { origin: `https://${host}`, region })
  }
})

/** URLs with which somebody would have the service sign a request for, or reach, another host than CloudTrail. */
const HOSTILE = [
  // the region, the service or the domain is only the beginning, or the end, of the name
  'https://cloudtrail.us-east-1.amazonaws.com.evil.com',
  'https://cloudtrail.us-east-1.amazonaws.com.',
  'https://cloudtrail.us-east-1.amazonaws.com..',
  'https://cloudtrail.us-east-1.amazonaws.comevil.com',
  'https://evilcloudtrail.us-east-1.amazonaws.com',
  'https://evil.cloudtrail.us-east-1.amazonaws.com',
  'https://cloudtrail.us-east-1.evilamazonaws.com',
  'https://cloudtrail.us-east-1.amazonaws.com-evil.com',
  'https://cloudtrail.us-east-1.amazonaws.co',
  'https://cloudtrail.us-east-1.amazonaws.org',
  'https://cloudtrailus-east-1.amazonaws.com',
  'https://amazonaws.com',
  'https://cloudtrail.amazonaws.com',
  'https://cloudtrail..amazonaws.com',
  'https://.cloudtrail.us-east-1.amazonaws.com',
  // regions that are none, and partitions mixed up
  'https://cloudtrail.us-east.amazonaws.com',
  'https://cloudtrail.evil-east-1.amazonaws.com',
  'https://cloudtrail.us-east-1-evil.amazonaws.com',
  'https://cloudtrail.us-east-111.amazonaws.com',
  'https://cloudtrail.us-east-1.amazonaws.com.cn',
  'https://cloudtrail.cn-north-1.amazonaws.com',
  'https://cloudtrail.us-gov-west-1.amazonaws.com.cn',
  'https://cloudtrail.us-iso-east-1.amazonaws.com',
  'https://cloudtrail.us-east-1.c2s.ic.gov',
  // hosts of AWS that belong to whoever asked for them, or to other services
  'https://s3.us-east-1.amazonaws.com',
  'https://cloudtrail.s3.us-east-1.amazonaws.com',
  'https://cloudtrail.us-east-1.s3.amazonaws.com',
  'https://cloudtrail.s3.amazonaws.com',
  'https://sts.us-east-1.amazonaws.com',
  'https://iam.amazonaws.com',
  'https://abc123.execute-api.us-east-1.amazonaws.com',
  'https://cloudtrail.us-east-1.elb.amazonaws.com',
  'https://cloudtrail.lambda-url.us-east-1.on.aws',
  'https://ec2-1-2-3-4.compute-1.amazonaws.com',
  'https://cloudtrail.us-east-1.compute.amazonaws.com',
  'https://cloudtrail.us-east-1.on.aws',
  // what looks like the endpoint of a VPC
  'https://cloudtrail.us-east-1.vpce.amazonaws.com',
  'https://vpce-0123456789abcdef0-abcd1234.cloudtrail.cn-north-1.vpce.amazonaws.com',
  'https://vpce-0123456789abcdef0-abcd1234.cloudtrail.us-east-1.vpce.amazonaws.com.cn',
  'https://vpce-1234.cloudtrail.us-east-1.vpce.amazonaws.com',
  'https://vpce-0123456789abcdef0-abcd1234.s3.us-east-1.vpce.amazonaws.com',
  'https://vpce-svc-0123456789abcdef0.us-east-1.vpce.amazonaws.com',
  'https://evil.vpce-0123456789abcdef0-abcd1234.cloudtrail.us-east-1.vpce.amazonaws.com',
  // user, port, path, query, fragment
  'https://evil.com@cloudtrail.us-east-1.amazonaws.com',
  'https://cloudtrail.us-east-1.amazonaws.com@evil.com',
  'https://cloudtrail.us-east-1.amazonaws.com:x@evil.com',
  'https://:@cloudtrail.us-east-1.amazonaws.com',
  'https://cloudtrail.us-east-1.amazonaws.com%40evil.com',
  'https://cloudtrail.us-east-1.amazonaws.com:443',
  'https://cloudtrail.us-east-1.amazonaws.com:22',
  'https://cloudtrail.us-east-1.amazonaws.com:0',
  'https://cloudtrail.us-east-1.amazonaws.com:65536',
  'https://cloudtrail.us-east-1.amazonaws.com:',
  'https://cloudtrail.us-east-1.amazonaws.com/latest/meta-data',
  'https://cloudtrail.us-east-1.amazonaws.com//evil.com',
  'https://cloudtrail.us-east-1.amazonaws.com/..',
  'https://cloudtrail.us-east-1.amazonaws.com?x=1',
  'https://cloudtrail.us-east-1.amazonaws.com/?',
  'https://cloudtrail.us-east-1.amazonaws.com#',
  'https://evil.com#cloudtrail.us-east-1.amazonaws.com',
  'https://evil.com?cloudtrail.us-east-1.amazonaws.com',
  'https://evil.com/cloudtrail.us-east-1.amazonaws.com',
  'https://evil.com\\cloudtrail.us-east-1.amazonaws.com',
  'https://cloudtrail.us-east-1.amazonaws.com\\@evil.com',
  'https:\\\\cloudtrail.us-east-1.amazonaws.com',
  // this machine, its neighbours, and the metadata of its cloud, in every spelling
  'https://localhost',
  'https://localhost.localdomain',
  'https://127.0.0.1',
  'https://127.1',
  'https://2130706433',
  'https://0x7f000001',
  'https://0x7f.1',
  'https://017700000001',
  'https://0',
  'https://0.0.0.0',
  'https://[::1]',
  'https://[::ffff:127.0.0.1]',
  'https://[::ffff:7f00:1]',
  'https://[fe80::1%25eth0]',
  'https://[fd00:ec2::254]',
  'https://169.254.169.254',
  'https://2852039166',
  'https://169.254.170.2',
  'https://10.0.0.1',
  'https://metadata.google.internal',
  'https://127.0.0.1.nip.io',
  // letters that look like others, and names that decode to others
  'https://cloudtraıl.us-east-1.amazonaws.com',
  'https://cloudtrail.us-east-1.amazonaws.ⅽom',
  'https://cloudtrail。us-east-1。amazonaws。com',
  'https://ⓒloudtrail.us-east-1.amazonaws.com',
  'https://clоudtrail.us-east-1.amazonaws.com',
  'https://xn--cludtrail-1hh.us-east-1.amazonaws.com',
  'https://cloudtrail.us-east-1.amazonaws.com\u200b',
  'https://cloudtrail\u00ad.us-east-1.amazonaws.com',
  'https://%63loudtrail.us-east-1.amazonaws.com',
  'https://cloudtrail%2eus-east-1.amazonaws.com',
  'https://evil.com%00cloudtrail.us-east-1.amazonaws.com',
  // spaces and ends of line, which a URL parser drops
  ' https://cloudtrail.us-east-1.amazonaws.com',
  'https://cloudtrail.us-east-1.amazonaws.com ',
  'https://cloudtrail.us-east-1.amazonaws.com\r\nhost: evil.com',
  'https://cloudtrail.us-east-1.amazon\taws.com',
  'https://cloud\ntrail.us-east-1.amazonaws.com',
  'https://evil.com\u0000.amazonaws.com',
  // other schemes, and none
  'http://cloudtrail.us-east-1.amazonaws.com',
  'ftp://cloudtrail.us-east-1.amazonaws.com',
  'file:///etc/passwd',
  'gopher://cloudtrail.us-east-1.amazonaws.com',
  'javascript:alert(1)',
  'data:text/plain,x',
  'unix:/var/run/docker.sock',
  'blob:https://cloudtrail.us-east-1.amazonaws.com/x',
  '//cloudtrail.us-east-1.amazonaws.com',
  'https:cloudtrail.us-east-1.amazonaws.com',
  'https:///cloudtrail.us-east-1.amazonaws.com/x',
  'cloudtrail.us-east-1.amazonaws.com',
  'https://',
  'https://cloudtrail.<region_name>.amazonaws.com',
  'https://cloudtrail.${region}.amazonaws.com',
]

t.test('every hostile serverUrl is refused', async (t) => {
  t.ok(new Set(HOSTILE).size >= 60, `${HOSTILE.length} of them`)
  for (const url of HOSTILE) {
    t.throws(() => checkServerUrl(url, none), { name: 'EndpointError' }, JSON.stringify(url))
    // an allowed origin opens no other one
    const allowlist = parseAllowlist('http://127.0.0.1:4566,https://ct.example.com')
    t.throws(() => checkServerUrl(url, allowlist), { name: 'EndpointError' }, JSON.stringify(url))
  }
})

t.test('every other URL is refused, with the rule that it breaks', async (t) => {
  const refused: [string, RegExp][] = [
    ['https://cloudtrail.<region_name>.amazonaws.com', /in the place of <region_name>/],
    ['http://cloudtrail.us-east-1.amazonaws.com', /must use https/],
    ['https://cloudtrail.us-east-1.amazonaws.com:443', /port/],
    ['https://cloudtrail.us-east-1.amazonaws.com:8443', /port/],
    ['https://user@cloudtrail.us-east-1.amazonaws.com', /user name/],
    ['https://cloudtrail.us-east-1.amazonaws.com/x', /path/],
    ['https://cloudtrail.us-east-1.amazonaws.com?x', /path, a query/],
    ['https://cloudtrail.us-east-1.amazonaws.com.evil.com', /CloudTrail endpoint of AWS/],
    ['https://169.254.169.254', /CloudTrail endpoint of AWS/],
    ['https://localhost', /CloudTrail endpoint of AWS/],
    ['https://s3.us-east-1.amazonaws.com', /CloudTrail endpoint of AWS/],
    ['https://cloudtrail.us-east-1.amazonaws.com\\@evil.com', /backslashes/],
    [' https://cloudtrail.us-east-1.amazonaws.com', /spaces/],
    ['cloudtrail.us-east-1.amazonaws.com', /must be a URL/],
    ['ftp://cloudtrail.us-east-1.amazonaws.com', /must be a URL/],
    [`https://${'a'.repeat(250)}.com`, /255 characters/],
  ]
  for (const [url, message] of refused) {
    t.throws(() => checkServerUrl(url, none), { name: 'EndpointError', message }, url)
  }
})

t.test('an origin of the allowlist is taken, and only that origin', async (t) => {
  const allowlist = parseAllowlist('http://127.0.0.1:4566, https://ct.example.com,')
  t.same(checkServerUrl('http://127.0.0.1:4566', allowlist), {
    origin: 'http://127.0.0.1:4566',
    region: undefined,
  })
  t.same(checkServerUrl('https://CT.example.com/', allowlist).origin, 'https://ct.example.com')
  for (const url of ['http://127.0.0.1:4567', 'https://127.0.0.1:4566', 'http://ct.example.com']) {
    t.throws(() => checkServerUrl(url, allowlist), { name: 'EndpointError' }, url)
  }
  for (const list of ['127.0.0.1:4566', 'http://127.0.0.1:4566/path', 'ftp://x']) {
    t.throws(() => parseAllowlist(list), { name: 'EndpointError', message: /not an origin/ }, list)
  }
})
