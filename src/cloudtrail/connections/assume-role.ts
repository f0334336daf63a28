import type {
  AwsCredentialIdentity,
  AwsCredentialIdentityProvider,
  DeserializeMiddleware,
  HttpResponse,
} from '@smithy/types'
import type { ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-sts'
import { readBody } from '../read-body.js'
import { Slots } from '../slots.js'

/** The length of a session, in seconds: the longest that a role chained from another one may have. */
const SESSION_SECONDS = 3600

/** The longest time for a response and for its body, in milliseconds. */
const TIMEOUT_MS = 10_000

/** The largest response of STS that is read, in bytes: one with keys has about 2 KB. */
const MAX_BYTES = 64 * 1024

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
      requestTimeout: TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  })
  const slots = new Slots(1)
  const readBounded: DeserializeMiddleware<ServiceInputTypes, ServiceOutputTypes> =
    (next) => async (args) => {
      const result = await next(args)
      const response = result.response as HttpResponse
      const options = { timeoutMs: TIMEOUT_MS, slots, maxBytes: MAX_BYTES }
      response.body = (await readBody(response, options)).bytes
      return result
    }
  client.middlewareStack.addRelativeTo(readBounded, {
    name: 'readBodyMiddleware',
    relation: 'after',
    toMiddleware: 'deserializerMiddleware',
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
