import { regionOfAwsOrigin } from './aws-hosts.js'
import type { Connection } from './connection.js'

/** What commands of a connection act on, as pages show it. */
export type Target = 'Sandbox' | 'AWS' | 'Other endpoint'

/** `AWS` only for a host name of CloudTrail at AWS: an emulator, or a proxy, is another endpoint. */
export function targetOf({ sandbox, endpoint }: Connection): Target {
  if (sandbox) return 'Sandbox'
  return regionOfAwsOrigin(endpoint) === undefined ? 'Other endpoint' : 'AWS'
}
