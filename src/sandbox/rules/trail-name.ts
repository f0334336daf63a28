import { modelledError } from '../errors.js'

/**
 * Checks a trail name by CloudTrail's rules: 3 to 128 ASCII letters, digits, periods, underscores and
 * hyphens; a letter or digit at both ends; no adjacent separators; no IP address. The texts are AWS's.
 *
 * @throws AwsError `InvalidTrailNameException`
 */
export function checkTrailName(name: string): void {
  const message = violation(name)
  if (message !== undefined) throw modelledError('InvalidTrailNameException', message)
}

function violation(name: string): string | undefined {
  const { length } = name
  if (length === 0) return 'Trail name cannot be blank!'
  if (length < 3) {
    return `Trail name too short. Minimum allowed length: 3 characters. Specified name length: ${length} characters.`
  }
  if (length > 128) {
    return `Trail name too long. Maximum allowed length: 128 characters. Specified name length: ${length} characters.`
  }
  if (!/^[A-Za-z0-9]/.test(name)) return 'Trail name must starts with a letter or number.'
  if (!/[A-Za-z0-9]$/.test(name)) return 'Trail name must ends with a letter or number.'
  if (!/^[A-Za-z0-9._-]+$/.test(name)) {
    return 'Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_).'
  }
  if (/[._-]{2}/.test(name)) {
    return 'Trail name or ARN cannot have adjacent periods (.), hyphens (-), or underscores (_).'
  }
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(name)) {
    return 'Trail names must not be formatted as an IP address.'
  }
  return undefined
}
