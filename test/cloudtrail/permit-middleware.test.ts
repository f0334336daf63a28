import { CloudTrailClient, ListTrailsCommand } from '@aws-sdk/client-cloudtrail'
import t, { type Test } from 'tap'
import { Attempts, type AttemptEnd } from '../../src/cloudtrail/attempts.js'
import { takePermits } from '../../src/cloudtrail/permit-middleware.js'
import { PermitVoidError } from '../../src/quota/quota-errors.js'
import { json, startEndpoint } from '../support/endpoint.js'

/** Sends a command whose first permit expires at a certain check: when it is signed, or when its socket is connected. */
async function sendWithVoidPermit(t: Test, voidFrom: number) {
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
      const isFirst = taken === 1
      const name = isFirst ? 'expired' : 'valid'
      const controller = new AbortController()
      let checks = 0
      return {
        waitedMs: 0,
        voided: controller.signal,
        expire: () => {
          checks += 1
          if (isFirst && checks === voidFrom) controller.abort(new PermitVoidError())
        },
        sent: () => permits.push(`${name} sent`),
        done: (outcome) => permits.push(`${name} ${outcome}`),
      }
    },
    begin: () => (end) => ends.push(end),
  })
  await client.send(new ListTrailsCommand({}))
  return { arrivals: endpoint.arrivals.length, permits, attempts, ends }
}

const MOMENTS = ['signed', 'connected']

for (const [index, moment] of MOMENTS.entries()) {
  t.test(
    `sends a request with another permit when the first one expired until it was ${moment}`,
    async (t) => {
      const { arrivals, permits, attempts, ends } = await sendWithVoidPermit(t, index + 1)
      t.equal(arrivals, 1)
      t.same(permits, ['expired unsent', 'valid sent', 'valid responded'])
      t.equal(attempts.started, 1, 'what was not sent is no attempt')
      t.equal(attempts.lost, 0)
      t.match(ends, [{ outcome: 'unsent', errorName: undefined }, { outcome: 'responded' }])
    },
  )
}
