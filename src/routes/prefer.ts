import { Type } from '@sinclair/typebox'
import type { IncomingHttpHeaders } from 'node:http'
import type { ValidationError } from '../envelope/validation-error.js'

/** The longest wait that a client may ask for, in seconds. */
export const MAX_WAIT_S = 300

/** The preferences of a request that the service knows (RFC 7240). Others, and parameters of these, are ignored. */
export interface Preferences {
  /** `respond-async`: run the command as a job. */
  readonly isAsync: boolean
  /** `wait=N`: how long the client waits for the outcome, in milliseconds. */
  readonly waitMs: number | undefined
}

/**
 * Reads the header `prefer`. Of a preference that is given twice the first counts, as the RFC says.
 *
 * @param errors gets the validation error of a wait that is no whole number of seconds from 1 to {@link MAX_WAIT_S}
 */
export function preferencesOf(
  { prefer }: IncomingHttpHeaders,
  errors: ValidationError[],
): Preferences {
  const given = new Map<string, string>()
  for (const one of [prefer ?? []].flat().join(',').split(',')) {
    const [name = '', value = ''] = (one.split(';')[0] ?? '').split('=').map((part) => part.trim())
    if (!given.has(name.toLowerCase())) given.set(name.toLowerCase(), value)
  }
  const wait = given.get('wait')?.replace(/^"(.*)"$/, '$1')
  const seconds = wait !== undefined && /^\d{1,9}$/.test(wait) ? Number(wait) : 0
  const isWait = seconds >= 1 && seconds <= MAX_WAIT_S
  if (wait !== undefined && !isWait) {
    errors.push({
      field: 'prefer',
      message: `must have a wait that is a whole number of seconds from 1 to ${MAX_WAIT_S}`,
    })
  }
  return { isAsync: given.has('respond-async'), waitMs: isWait ? seconds * 1000 : undefined }
}

/** The value of `preference-applied`: the preferences that the response keeps to. */
export function preferenceApplied({ isAsync, waitMs }: Preferences): string {
  return [isAsync && 'respond-async', waitMs !== undefined && `wait=${waitMs / 1000}`]
    .filter(Boolean)
    .join(', ')
}

/** The header as the OpenAPI document declares it: the preferences that the service knows. Others are ignored. */
export const PreferHeader = (pattern: string, description: string) =>
  Type.Optional(Type.String({ pattern, description }))
