import { STSClient } from '@aws-sdk/client-sts'
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail'
import t from 'tap'
import { PARTITION_REGIONS } from '../../../src/aws/partitions.js'
import { stsEndpointOf } from '../../../src/cloudtrail/connections/sts-endpoint.js'

/** The endpoint that an SDK client resolves by AWS's own rules. */
function resolved(client: STSClient | CloudTrailClient, region: string, fips: boolean): string {
  const parameters = { Region: region, UseFIPS: fips, UseDualStack: false }
  return client.config.endpointProvider(parameters).url.origin
}

t.test("in every region a role is assumed where AWS's own rules say", async (t) => {
  const sts = new STSClient({ region: 'us-east-1' })
  const cloudTrail = new CloudTrailClient({ region: 'us-east-1' })
  for (const region of Object.values(PARTITION_REGIONS).flat()) {
    const endpoint = resolved(cloudTrail, region, false)
    t.equal(stsEndpointOf(endpoint, region), resolved(sts, region, false), region)
  }
  for (const region of ['us-east-1', 'us-west-2', 'us-gov-east-1', 'us-gov-west-1']) {
    const fips = `https://cloudtrail-fips.${region}.amazonaws.com`
    t.equal(stsEndpointOf(fips, region), resolved(sts, region, true), `${region}, FIPS`)
  }
})

t.test('dual-stack stays dual-stack', async (t) => {
  t.equal(
    stsEndpointOf('https://cloudtrail.eu-west-1.api.aws', 'eu-west-1'),
    'https://sts.eu-west-1.api.aws',
  )
})

t.test('beside a VPC endpoint, which is of CloudTrail alone, it is the public host', async (t) => {
  t.equal(
    stsEndpointOf(
      'https://vpce-0123456789abcdef0-abcdefgh.cloudtrail.eu-west-1.vpce.amazonaws.com',
      'eu-west-1',
    ),
    'https://sts.eu-west-1.amazonaws.com',
  )
})

t.test('asks an origin that only the configuration allows for STS too', async (t) => {
  for (const origin of [
    'http://127.0.0.1:4010',
    'https://localstack.internal:4566',
    'https://cloudtrail.corp.example',
    'https://cloudtrail.us-east-1.corp.example',
    'https://cloudtrail-fips.us-east-1.amazonaws.com.corp.example',
  ]) {
    t.equal(stsEndpointOf(origin, 'us-east-1'), origin)
  }
})
