import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types'

/** The length of a session, in seconds: the longest that a role chained from another one may have. */
const SESSION_SECONDS = 3600

/** The name of the session in CloudTrail's own events: `assumed-role/<role>/cloudtrail-commands`. */
export const SESSION_NAME = 'cloudtrail-commands'

/** A role, and the parameters with which it is assumed. */
export interface Role {
  /** `arn:aws:iam::111122223333:role/name`. */
  readonly roleArn: string
  /** The external id that the role's trust policy requires. */
  readonly externalId: string | undefined
  /** Origin of STS. */
  readonly stsEndpoint: string
  readonly region: string
  /** The keys that assume it. */
  readonly source: AwsCredentialIdentityProvider
}

/** The temporary keys of an assumed role. */
export interface SessionKeys extends AwsCredentialIdentity {
  readonly expiration: Date
}

/**
 * Calls STS AssumeRole once, with a client of its own: a session is opened once an hour.
 *
 * @throws the SDK's errors, and TypeError when STS returns no keys
 */
export async function assumeRole(role: Role): Promise<SessionKeys> {
  // loaded when the first role is assumed: most services never do
  const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts')
  // every setting explicit, as in the client of CloudTrail: the environment redirects nothing
  const client = new STSClient({
    endpoint: role.stsEndpoint,
    region: role.region,
    credentials: role.source,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    retryMode: 'standard',
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: 3_000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
    },
  })
  try {
    const { Credentials: given } = await client.send(
      new AssumeRoleCommand({
        RoleArn: role.roleArn,
        RoleSessionName: SESSION_NAME,
        DurationSeconds: SESSION_SECONDS,
        ...(role.externalId !== undefined && { ExternalId: role.externalId }),
      }),
    )
    if (!given?.AccessKeyId || !given.SecretAccessKey || !given.SessionToken || !given.Expiration) {
      throw new TypeError('STS responded without credentials')
    }
    return {
      accessKeyId: given.AccessKeyId,
      secretAccessKey: given.SecretAccessKey,
      sessionToken: given.SessionToken,
      expiration: given.Expiration,
    }
  } finally {
    client.destroy()
  }
}
