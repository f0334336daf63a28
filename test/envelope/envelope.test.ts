import t from 'tap'
import { refused, toResponse } from '../../src/envelope/envelope.js'
import { serviceFailure } from '../../src/envelope/service-failure.js'

const META = { requestId: 'r-1', apiCalls: 0, throttled: 0, queuedMs: 0, durationMs: 1 }
const failure = {
  badName: serviceFailure('ValidationError', 'too short'),
  deadline: serviceFailure('DeadlineExceeded', 'late'),
  unknown: serviceFailure('OutcomeUnknown', 'may have been made'),
  upstream: serviceFailure('InvalidUpstreamResponse', 'HTML'),
  protectedTrail: serviceFailure('ProtectedTrail', 'audit'),
}

t.test('returns 504 for inputs of which one met a deadline, before any other status', async (t) => {
  const { badName, deadline, unknown, upstream, protectedTrail } = failure
  for (const [failures, status] of [
    [[deadline, deadline], 504],
    [[badName, unknown, deadline, deadline], 504],
    [[upstream, deadline], 504],
    [[badName, protectedTrail], 400],
    [[badName, upstream], 502],
    [[protectedTrail], 403],
  ] as const) {
    const codes = failures.map(({ code }) => code).join(', ')
    const command = { name: 'stop-logging', title: 'Stop Logging' }
    t.equal(toResponse(command, refused([...failures]), META).status, status, codes)
  }
})
