import type { AwsCredentialIdentityProvider } from '@smithy/types'
import type { RoleSession } from './role-session.js'

/** The endpoint, region and identity with which a command calls CloudTrail. */
export interface Connection {
  /** Its configured name, or `inline` when the request brought it. */
  readonly name: string
  /** Origin that is called: `https://cloudtrail.us-east-1.amazonaws.com`. */
  readonly endpoint: string
  readonly region: string
  readonly credentials: AwsCredentialIdentityProvider
  /** The session of the role that the connection assumes, when it does. */
  readonly session: RoleSession | undefined
  /** The owner of the keys, fit to be logged. */
  readonly identity: ShownIdentity
  /** The account, where the role's ARN or the access key id holds it. */
  readonly accountId: string | undefined
  /** A digest of everything above: two connections with the same id may share a client and its responses. */
  readonly id: string
  /** Whether the endpoint is the embedded sandbox. */
  readonly sandbox: boolean
}

/** An identity as logs may show it. */
export interface ShownIdentity {
  /** The access key id, masked but for its kind and its last characters; left out for the host's own credentials. */
  accessKey?: string
  roleArn?: string
}

/** The fields of a connection as a request or the configuration writes them. */
export interface ConnectionFields {
  serverUrl?: string | undefined
  accessKey?: string | undefined
  accessSecret?: string | undefined
  sessionToken?: string | undefined
  roleArn?: string | undefined
  externalId?: string | undefined
  region?: string | undefined
}
