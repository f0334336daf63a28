import type { AwsCredentialIdentityProvider } from '@smithy/types'
import type { ConnectionFields } from './connection.js'

/** The keys that a connection's fields hold, as the SDK takes them; `undefined` without keys. */
export function credentialsOf({
  accessKey,
  accessSecret,
  sessionToken,
}: ConnectionFields): AwsCredentialIdentityProvider | undefined {
  if (accessKey === undefined || accessSecret === undefined) return undefined
  const keys = {
    accessKeyId: accessKey,
    secretAccessKey: accessSecret,
    ...(sessionToken !== undefined && { sessionToken }),
  }
  return () => Promise.resolve(keys)
}

/** `AKIA************NDBX`: enough to find the key in IAM, not enough to be one. */
export function maskAccessKey(accessKey: string): string {
  return accessKey.slice(0, 4) + '*'.repeat(accessKey.length - 8) + accessKey.slice(-4)
}
