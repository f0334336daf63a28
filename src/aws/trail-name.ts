import type { AwsErrorCode } from '../envelope/aws-errors.js'
import { quoted } from '../envelope/quoted.js'

/** What is wrong with a trail name or ARN: AWS's error code and its words. */
export interface TrailError {
  code: AwsErrorCode
  message: string
}

/** The parts of a trail's ARN. */
export interface TrailArn {
  partition: string
  region: string
  accountId: string
  name: string
}

/** The shortest and the longest trail name, in characters. */
export const TRAIL_NAME_LENGTH = { min: 3, max: 128 } as const

/** The AWS partitions as they stand in an ARN. */
export const PARTITIONS = [
  'aws',
  'aws-cn',
  'aws-us-gov',
  'aws-eusc',
  'aws-iso',
  'aws-iso-b',
  'aws-iso-e',
  'aws-iso-f',
] as const

const TRAIL_ARN = new RegExp(
  `^arn:(${PARTITIONS.join('|')}):cloudtrail:([a-z]{2,}(?:-[a-z]+)+-\\d{1,2}):(\\d{12}):trail/(.+)$`,
)

/**
 * The rules for trail names of AWS's CreateTrail reference: 3 to 128 of ASCII letters, digits, `.`, `_` and
 * `-`, a letter or digit first and last, no two of `.`, `_`, `-` side by side, not an IP address. The words
 * are AWS's where they are known.
 */
function nameMessage(name: string): string | undefined {
  const length = `Specified name length: ${name.length} characters.`
  if (name.trim() === '') return 'Trail name cannot be blank!'
  if (name.length < TRAIL_NAME_LENGTH.min) {
    return `Trail name too short. Minimum allowed length: ${TRAIL_NAME_LENGTH.min} characters. ${length}`
  }
  if (name.length > TRAIL_NAME_LENGTH.max) {
    return `Trail name too long. Maximum allowed length: ${TRAIL_NAME_LENGTH.max} characters. ${length}`
  }
  if (!/^[A-Za-z0-9._-]+$/.test(name)) {
    return 'Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_).'
  }
  if (!/^[A-Za-z0-9]/.test(name)) return 'Trail name must starts with a letter or number.'
  if (!/[A-Za-z0-9]$/.test(name)) return 'Trail name must ends with a letter or number.'
  if (/[._-]{2}/.test(name)) {
    return 'Trail name or ARN cannot have adjacent periods (.), hyphens (-), or underscores (_).'
  }
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(name)) {
    return 'Trail names must not be formatted as an IP address.'
  }
  return undefined
}

/** The validation error of a trail name (not an ARN), or `undefined` when AWS would take it. */
export function trailNameError(name: string): TrailError | undefined {
  const message = nameMessage(name)
  return message === undefined ? undefined : { code: 'InvalidTrailNameException', message }
}

/**
 * Reads `arn:<partition>:cloudtrail:<region>:<12 digits>:trail/<name>`, or `undefined` when it is not a trail
 * ARN with a name that AWS allows.
 */
export function parseTrailArn(arn: string): TrailArn | undefined {
  const [, partition, region, accountId, name] = TRAIL_ARN.exec(arn) ?? []
  if (!partition || !region || !accountId || !name) return undefined
  return nameMessage(name) === undefined ? { partition, region, accountId, name } : undefined
}

/** The validation error of what must be a trail ARN, or `undefined`. */
export function trailArnError(arn: string): TrailError | undefined {
  if (parseTrailArn(arn)) return undefined
  return { code: 'CloudTrailARNInvalidException', message: `The ARN ${quoted(arn)} is invalid.` }
}

/** The validation error of what may be a trail name or a trail ARN, or `undefined`. */
export function trailError(nameOrArn: string): TrailError | undefined {
  return nameOrArn.startsWith('arn:') ? trailArnError(nameOrArn) : trailNameError(nameOrArn)
}
