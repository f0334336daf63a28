import t from 'tap'
import { checkServerUrl, parseAllowlist } from '../../src/cloudtrail/endpoint.js'

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
    'vpce-0123456789abcdef0-abcd1234-us-east-1a.cloudtrail.us-east-1.vpce.amazonaws.com':
      'us-east-1',
  }
  for (const [host, region] of Object.entries(hosts)) {
    t.same(checkServerUrl(`https://${host}`, none), { origin: `https://${host}`, region })
    t.same(checkServerUrl(`https://${host}/`, none), { origin: `https://${host}`, region })
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
