import { accountIdOfAccessKey } from '../../aws/account-id.js'
import type { Caller } from '../state/call.js'
import { commonError, invalidToken } from '../errors.js'
import { isRegion } from '../rules/regions.js'
import type { Sessions } from '../state/sessions.js'
import type { SignedRequest } from './signed-request.js'
import type { SigningKeys } from './signature.js'
import { checkSignature, parseAuthorization } from './signature.js'

/** The account of keys that encode none: keys of the old generation, and invented ones. */
export const ACCOUNT_OF_OTHER_KEYS = '999999999999'

/**
 * Identifies the caller and the region of a request by its signature, as AWS does before an operation runs.
 *
 * @param service the service that the signature must be for
 * @param keys the keys whose signatures are checked; `undefined` checks no signature, only its parts
 * @throws AwsError the common errors of AWS for missing, incomplete, expired and foreign credentials
 */
export function identify(
  request: SignedRequest,
  service: 'cloudtrail' | 'sts',
  sessions: Sessions,
  keys: SigningKeys | undefined,
  now: number,
): { caller: Caller; region: string } {
  const authorization = parseAuthorization(request.headers, now)
  const { accessKeyId, region } = authorization
  if (authorization.service !== service) {
    throw commonError(
      'InvalidSignatureException',
      `Credential should be scoped to correct service: '${service}'. `,
    )
  }
  const session = sessions.check(accessKeyId, request.headers['x-amz-security-token'], now)
  if (!isRegion(region)) throw invalidToken()
  if (keys !== undefined) {
    const secret = session?.secretAccessKey ?? keys.get(accessKeyId)
    if (secret === undefined) throw invalidToken()
    checkSignature(request, authorization, secret)
  }
  const accountId = session?.accountId ?? accountIdOfAccessKey(accessKeyId) ?? ACCOUNT_OF_OTHER_KEYS
  const caller = {
    accountId,
    accessKeyId,
    session,
    sourceAddress: request.sourceAddress,
    userAgent: request.headers['user-agent'] ?? '-',
  }
  return { caller, region }
}
