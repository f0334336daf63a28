import type { AwsCredentialIdentityProvider } from '@smithy/types'

/** As whom, and where, a command calls CloudTrail. */
export interface Connection {
  /** Its configured name, or `inline` when the request brought it. */
  readonly name: string
  /** Origin that is called: `https://cloudtrail.us-east-1.amazonaws.com`. */
  readonly endpoint: string
  readonly region: string
  readonly credentials: AwsCredentialIdentityProvider
  /** The account, where the access key id tells it. */
  readonly accountId: string | undefined
  /** A digest of everything above: two connections with the same id may share a client and its answers. */
  readonly id: string
  /** Whether the endpoint is the embedded sandbox. */
  readonly sandbox: boolean
}

/** The fields of a connection as a request or the configuration writes them. */
export interface ConnectionFields {
  serverUrl?: string | undefined
  accessKey?: string | undefined
  accessSecret?: string | undefined
  sessionToken?: string | undefined
  region?: string | undefined
}
