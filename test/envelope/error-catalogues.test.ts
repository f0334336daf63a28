import t from 'tap'
import { exceptionsOf } from '../../scripts/aws-exceptions.js'
import { OPERATIONS } from '../../src/aws/operations.js'
import { AWS_ERRORS, AWS_SYNONYMS, awsError } from '../../src/envelope/aws-errors.js'
import { ERROR_CODES } from '../../src/envelope/error-codes.js'
import { NETWORK_ERRORS } from '../../src/envelope/network-errors.js'
import { serviceFailure } from '../../src/envelope/service-failure.js'

t.test(
  'every exception that the API model declares for an operation is in the catalogue',
  async (t) => {
    const declared = new Set(OPERATIONS.flatMap(exceptionsOf))
    t.equal(declared.size, 52)
    for (const name of declared) t.ok(Object.hasOwn(AWS_ERRORS, name), name)
  },
)

t.test('each code has one meaning: no two catalogues share a code', async (t) => {
  const codes = [AWS_ERRORS, NETWORK_ERRORS, ERROR_CODES].flatMap(Object.keys)
  t.same(codes.length, new Set(codes).size)
  for (const synonym of Object.keys(AWS_SYNONYMS)) t.notOk(Object.hasOwn(AWS_ERRORS, synonym))
})

t.test('AWS errors are found by every spelling, and any 5xx is an error inside AWS', async (t) => {
  t.equal(awsError('AccessDenied', 403), AWS_ERRORS.AccessDeniedException)
  t.equal(awsError('NewException', 400), undefined)
  t.equal(awsError('toString', 400), undefined)
  t.equal(awsError('NewFailure', 503), AWS_ERRORS.InternalFailure)
})

t.test('a failure after which the state must be read first is not retryable', async (t) => {
  for (const code of ['OutcomeUnknown', 'JobLost'] as const) {
    t.equal(ERROR_CODES[code].retry, 'after-reading')
    t.equal(serviceFailure(code, '').retryable, false)
  }
  t.equal(serviceFailure('DeadlineExceeded', '').retryable, true)
})
