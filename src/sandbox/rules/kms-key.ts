import { createHash } from 'node:crypto'

import type { Call } from '../state/call.js'
import { modelledError } from '../errors.js'
import { partitionOf } from './regions.js'

const ALIAS = /^alias\/([\w/-]{1,250})$/
const KEY = /^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/
const ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/(.+)$/

/**
 * The ARN of the KMS key that a trail is given: as a key id, an alias, or an ARN of either. AWS answers
 * always with the key's ARN. Aliases that start with `missing-` and `denied-` play a key that does not
 * exist and one whose policy does not let CloudTrail encrypt.
 *
 * @param bucket the trail's bucket, which AWS names in its refusal
 * @throws AwsError `InvalidKmsKeyIdException`, `KmsKeyNotFoundException`, `InsufficientEncryptionPolicyException`
 */
export function keyArn(call: Call, given: string, bucket: string): string | undefined {
  if (given === '') return undefined
  const [, kind, resource = ''] = ARN.exec(given) ?? []
  const alias = ALIAS.exec(kind === 'alias' ? `alias/${resource}` : given)?.[1]
  const key = KEY.exec(kind === 'key' ? resource : given)?.[1]
  if (alias === undefined && key === undefined) {
    throw modelledError('InvalidKmsKeyIdException', `KMS key ID ${given} is not valid.`)
  }
  if (alias?.startsWith('missing-') === true) {
    throw modelledError('KmsKeyNotFoundException', `KMS key ${given} does not exist.`)
  }
  const owner = `arn:${partitionOf(call.region)}:kms:${call.region}:${call.account.accountId}`
  const arn = kind === 'key' ? given : `${owner}:key/${key ?? keyOfAlias(alias ?? '')}`
  if (alias?.startsWith('denied-') === true) {
    throw modelledError(
      'InsufficientEncryptionPolicyException',
      `Insufficient permissions to access S3 bucket ${bucket} or KMS key ${arn}.`,
    )
  }
  return arn
}

/** The key behind an alias: always the same one for the same alias. */
function keyOfAlias(alias: string): string {
  const hex = createHash('sha256').update(alias).digest('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)]
  return [...parts, hex.slice(20, 32)].join('-')
}
