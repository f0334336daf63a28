import t from 'tap'
import { json, startEndpoint } from '../support/endpoint.js'
import { startServiceAt } from '../support/service.js'
import { translateError } from '../../src/cloudtrail/translate-error.js'

t.test('cuts the canonical string out of an error, since it holds a session token', async (t) => {
  for (const code of ['InvalidSignatureException', 'SignatureDoesNotMatch']) {
    const message = 'It does not match.\n\nThe Canonical String\nx-amz-security-token:marked-token'
    const endpoint = await startEndpoint(t, (_arrival, response) => {
      json(response, { __type: code, message }, 400)
    })
    const service = await startServiceAt(t, endpoint.url)
    const { body } = await service.run('list-trails')
    t.match(body.errors, [{ code, message: 'It does not match.' }])
    t.notMatch(JSON.stringify([body, service.log]), /marked-token/)
  }
})

t.test('reports a host without credentials, with what to do', async (t) => {
  const error = Object.assign(new Error('Could not load credentials from any providers'), {
    name: 'CredentialsProviderError',
  })
  t.match(translateError(error), {
    code: 'CredentialsUnavailable',
    statusCode: 'N/A',
    httpStatus: 502,
    source: 'service',
    attempts: 0,
    hint: /CLOUDTRAIL_ACCESS_KEY/,
  })
})

t.test('names each address of a host of which none responds', async (t) => {
  const reasons = ['connect ECONNREFUSED ::1:1', 'connect ECONNREFUSED 127.0.0.1:1']
  const error = Object.assign(new AggregateError(reasons.map((reason) => new Error(reason))), {
    code: 'ECONNREFUSED',
  })
  t.match(translateError(error), {
    code: 'ECONNREFUSED',
    message: reasons.join('; '),
    source: 'network',
    retryable: true,
  })
  t.equal(translateError(new TypeError('')).message, 'TypeError')
})

t.test('reports that a retry does not help where the certificate is not trusted', async (t) => {
  for (const [code, retryable, hint] of [
    ['SELF_SIGNED_CERT_IN_CHAIN', false, /NODE_EXTRA_CA_CERTS/],
    ['CERT_HAS_EXPIRED', false, /serverUrl/],
    ['ENOTFOUND', true, /name resolution/],
    ['ECONNRESET', true, /read the present state first/],
    ['EUNHEARDOF', true, /read the present state first/],
  ] as const) {
    const failure = translateError(Object.assign(new Error('failed'), { code }))
    t.match(failure, { code, retryable, hint, source: 'network', httpStatus: 502 })
  }
})
