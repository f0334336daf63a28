import { parseProtectedTrails } from '../cloudtrail/guard-rails.js'
import type { Config } from '../config.js'
import type { Logger } from '../log.js'
import { reloadFile, type Reloaded } from '../reloaded-file.js'

/** PROTECTED_TRAILS_FILE cannot be read, or breaks a rule. */
export class ProtectedTrailsError extends Error {
  override name = 'ProtectedTrailsError'
}

/**
 * The patterns of protected trails: those of PROTECTED_TRAILS, and those of PROTECTED_TRAILS_FILE as it is now.
 *
 * @throws {ProtectedTrailsError} when the file cannot be read or has an entry that would protect nothing
 */
export function loadProtectedTrails(
  { PROTECTED_TRAILS: list, PROTECTED_TRAILS_FILE: path }: Config,
  logger: Pick<Logger, 'info' | 'error'>,
): Reloaded<readonly string[]> {
  const fixed = parseProtectedTrails(list)
  if (path === undefined) return { current: () => fixed, close: () => undefined }
  try {
    return reloadFile(
      path,
      (text) => [...fixed, ...parseProtectedTrails(text, 'PROTECTED_TRAILS_FILE')],
      logger,
    )
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new ProtectedTrailsError(
      code === undefined ? message : `PROTECTED_TRAILS_FILE ${path} cannot be read (${code})`,
    )
  }
}
