import type { Logger } from '../log.js'
import { reloadFile, type Reloaded } from '../reloaded-file.js'
import { KeysFileError, parseApiKeys, type ApiKey } from './api-key.js'

/** The API keys of API_KEYS_FILE, as they are now. */
export type ApiKeys = Reloaded<readonly ApiKey[]>

/**
 * Reads the keys file, and reads it again when it changes. A file that is emptied later revokes every key.
 *
 * @throws {KeysFileError} when the file breaks a rule or has no key
 */
export function loadApiKeys(path: string, logger: Pick<Logger, 'info' | 'error'>): ApiKeys {
  const keys = readKeysFile(path, logger)
  if (keys.current().length > 0) return keys
  keys.close()
  throw new KeysFileError('API_KEYS_FILE must hold a JSON list of at least one key')
}

function readKeysFile(path: string, logger: Pick<Logger, 'info' | 'error'>): ApiKeys {
  try {
    return reloadFile(path, parseApiKeys, logger)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new KeysFileError(
      `API_KEYS_FILE ${path} cannot be read (${code}); npm run api-key makes a key and its entry`,
    )
  }
}
