import { setMaxListeners } from 'node:events'
import type { Permit, PermitOutcome, PermitRequest } from '../../src/quota/permit.js'

const never = new AbortController().signal
setMaxListeners(0, never)

/** A request for a read's permit that waits as long as it takes. */
export function permitRequest(more: Partial<PermitRequest> = {}): PermitRequest {
  return {
    account: '111122223333',
    region: 'us-east-1',
    operation: 'GetTrail',
    caller: 'caller',
    command: 'command',
    deadline: Infinity,
    signal: never,
    ...more,
  }
}

/** Sends the request of a permit and receives its response at once; when it was sent. */
export function usePermit(permit: Permit, outcome: PermitOutcome = 'responded'): number {
  const at = performance.now()
  if (outcome !== 'unsent') permit.sent()
  permit.done(outcome)
  return at
}
