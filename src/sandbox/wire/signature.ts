import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

import { commonError } from '../errors.js'
import type { SignedRequest } from './signed-request.js'

/** Secret access keys by access key id. */
export type SigningKeys = ReadonlyMap<string, string>

/** The parts of an AWS Signature Version 4 `authorization` header, and the time it was made. */
export interface Authorization {
  accessKeyId: string
  /** `yyyymmdd` of the credential scope. */
  day: string
  region: string
  service: string
  signedHeaders: string[]
  signature: string
  /** The header `x-amz-date`, `yyyymmddThhmmssZ`. */
  amzDate: string
}

/** How old a signature may be, and how far ahead, in milliseconds. */
const MAX_AGE = 5 * 60_000

const CREDENTIAL = /^([\w-]{1,128})\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/

/**
 * Takes the signature of a request apart.
 *
 * @throws AwsError `MissingAuthenticationTokenException`, `IncompleteSignatureException`,
 * `InvalidSignatureException` for one that is too old
 */
export function parseAuthorization(headers: IncomingHttpHeaders, now: number): Authorization {
  const header = headers.authorization
  if (header === undefined) {
    throw commonError('MissingAuthenticationTokenException', 'Missing Authentication Token')
  }
  if (!header.startsWith('AWS4-HMAC-SHA256 ')) {
    throw incomplete(`Unsupported AWS 'algorithm': '${header.split(' ')[0] ?? ''}'.`)
  }
  const parts = new Map(
    header
      .slice('AWS4-HMAC-SHA256 '.length)
      .split(',')
      .map((part) => {
        const [name = '', ...value] = part.trim().split('=')
        return [name, value.join('=')]
      }),
  )
  const missing = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => !parts.get(name))
  if (missing.length > 0) {
    const list = missing.map((name) => `Authorization header requires '${name}' parameter.`)
    throw incomplete(list.join(' '))
  }
  const [, accessKeyId, day, region, service] = CREDENTIAL.exec(parts.get('Credential') ?? '') ?? []
  if (!accessKeyId || !day || !region || !service) {
    throw incomplete(
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, and the term must be 'aws4_request'.",
    )
  }
  const amzDate = headers['x-amz-date']
  if (typeof amzDate !== 'string' || !/^\d{8}T\d{6}Z$/.test(amzDate)) {
    throw incomplete(
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    )
  }
  checkAge(amzDate, day, now)
  return {
    accessKeyId,
    day,
    region,
    service,
    signedHeaders: (parts.get('SignedHeaders') ?? '').split(';'),
    signature: parts.get('Signature') ?? '',
    amzDate,
  }
}

function checkAge(amzDate: string, day: string, now: number): void {
  if (!amzDate.startsWith(day)) {
    throw commonError(
      'InvalidSignatureException',
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${day}' != '${amzDate.slice(0, 8)}', from '${amzDate}'.`,
    )
  }
  const made = Date.parse(
    amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  )
  const basic = (time: number) =>
    `${new Date(time).toISOString().slice(0, 19).replace(/[:-]/g, '')}Z`
  if (Number.isNaN(made) || made < now - MAX_AGE) {
    throw commonError(
      'InvalidSignatureException',
      `Signature expired: ${amzDate} is now earlier than ${basic(now - MAX_AGE)} (${basic(now)} - 5 min.)`,
    )
  }
  if (made > now + MAX_AGE) {
    throw commonError(
      'InvalidSignatureException',
      `Signature not yet current: ${amzDate} is still later than ${basic(now + MAX_AGE)} (${basic(now)} + 5 min.)`,
    )
  }
}

/**
 * Computes the signature of a request and compares it with the one given (AWS Signature Version 4).
 *
 * @throws AwsError `InvalidSignatureException` when they differ
 */
export function checkSignature(
  request: SignedRequest,
  authorization: Authorization,
  secretAccessKey: string,
): void {
  const { day, region, service, amzDate, signedHeaders } = authorization
  const canonicalHeaders = signedHeaders.map((name) => {
    const value = request.headers[name]
    const text = Array.isArray(value) ? value.join(',') : (value ?? '')
    return `${name}:${text.trim().replace(/ +/g, ' ')}\n`
  })
  const [path = '/', query = ''] = request.url.split('?')
  const canonicalRequest = [
    request.method,
    path,
    query.split('&').sort().join('&'),
    canonicalHeaders.join(''),
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n')
  const scope = `${day}/${region}/${service}/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', amzDate, scope, sha256(canonicalRequest)].join('\n')
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    (signingKey, part) => createHmac('sha256', signingKey).update(part).digest(),
    `AWS4${secretAccessKey}`,
  )
  const expected = Buffer.from(createHmac('sha256', key).update(toSign).digest('hex'))
  const given = Buffer.from(authorization.signature)
  const isSame = given.length === expected.length && timingSafeEqual(given, expected)
  if (!signedHeaders.includes('host') || !isSame) {
    throw commonError(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    )
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function incomplete(message: string): Error {
  return commonError('IncompleteSignatureException', message)
}
