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
  const keys = reloadFile(path, parseApiKeys, logger)
  if (keys.current().length > 0) return keys
  keys.close()
  throw new KeysFileError('API_KEYS_FILE must hold a JSON list of at least one key')
}
