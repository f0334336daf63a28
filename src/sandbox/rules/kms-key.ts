import { createHash } from 'node:crypto'

import { modelledError } from '../errors.js'
import type { Call } from '../state/call.js'
import { partitionOf } from './regions.js'

const ALIAS = /^alias\/([\w/-]{1,250})$/
const KEY = /^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/
const ARN = /^arn:(aws[a-z-]*):kms:([a-z0-9-]+):\d{12}:(key|alias)\/(.+)$/

/**
 * The ARN of the KMS key that a request names by key id, alias, or an ARN of either. AWS returns the
 * ARN of the key in all cases, and removes the key for an empty text. An alias that starts with
 * `missing-` or `denied-` stands for a key that does not exist or that CloudTrail may not use; AWS
 * reports both with the same error.
 *
 * @param bucket the trail's bucket, which AWS names in its error
 * @throws AwsError `KmsKeyNotFoundException` for a malformed id and for a key of another region,
 * `InsufficientEncryptionPolicyException` for a key that is missing or not permitted
 */
export function keyArn(call: Call, given: string, bucket: string): string | undefined {
  if (given === '') return undefined
  const [, partition, region, kind, resource = ''] = ARN.exec(given) ?? []
  const alias = ALIAS.exec(kind === 'alias' ? `alias/${resource}` : given)?.[1]
  const key = KEY.exec(kind === 'key' ? resource : given)?.[1]
  const isElsewhere =
    kind !== undefined && (region !== call.region || partition !== partitionOf(call.region))
  if ((alias === undefined && key === undefined) || isElsewhere) {
    throw modelledError(
      'KmsKeyNotFoundException',
      `KMS key ID ${given} does not exist, or s3 bucket ${bucket} and key are not in the same region.`,
    )
  }
  const owner = `arn:${partitionOf(call.region)}:kms:${call.region}:${call.account.accountId}`
  const arn = kind === 'key' ? given : `${owner}:key/${key ?? keyOfAlias(alias ?? '')}`
  if (alias !== undefined && /^(?:missing|denied)-/.test(alias)) {
    throw modelledError(
      'InsufficientEncryptionPolicyException',
      `Insufficient permissions to access S3 bucket ${bucket} or KMS key ${arn}.`,
    )
  }
  return arn
}

/** The id of the key behind an alias: the same alias always gives the same id. */
function keyOfAlias(alias: string): string {
  const hex = createHash('sha256').update(alias).digest('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)]
  return [...parts, hex.slice(20, 32)].join('-')
}
