import { CloudTrailClient, ListTrailsCommand } from '@aws-sdk/client-cloudtrail'
import t from 'tap'
import { Attempts, type AttemptEnd } from '../../src/cloudtrail/attempts.js'
import { takePermits } from '../../src/cloudtrail/permit-middleware.js'
import { PermitVoidError } from '../../src/quota/quota-errors.js'
import { json, startEndpoint } from '../support/endpoint.js'

t.test('sends a request with another permit when the first one expired unused', async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response) => json(response, { Trails: [] }))
  const client = new CloudTrailClient({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'not-a-secret' },
  })
  t.teardown(() => client.destroy())
  const attempts = new Attempts()
  const ends: AttemptEnd[] = []
  const permits: string[] = []
  let taken = 0
  takePermits(client.middlewareStack, {
    attempts,
    take: async () => {
      taken += 1
      const name = taken === 1 ? 'expired' : 'valid'
      return {
        waitedMs: 0,
        ...(taken === 1 && { voided: AbortSignal.abort(new PermitVoidError()) }),
        sent: () => permits.push(`${name} sent`),
        done: (outcome) => permits.push(`${name} ${outcome}`),
      }
    },
    begin: () => (end) => ends.push(end),
  })
  await client.send(new ListTrailsCommand({}))
  t.equal(endpoint.arrivals.length, 1)
  t.same(permits, ['expired unsent', 'valid sent', 'valid responded'])
  t.equal(attempts.started, 1, 'what was not sent is no attempt')
  t.equal(attempts.lost, 0)
  t.match(ends, [{ outcome: 'unsent', errorName: undefined }, { outcome: 'responded' }])
})
