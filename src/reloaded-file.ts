import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import type { FastifyBaseLogger } from 'fastify'

/** How often a file is looked at, in milliseconds. */
const LOOK_EVERY_MS = 1_000

/** What a configured file says now. */
export interface Reloaded<Value> {
  current(): Value
  /** Stops looking at the file. */
  close(): void
}

/**
 * Reads a file, and reads it again whenever it changes. A new file that breaks a rule is told in the log and changes
 * nothing: what was read before stays in force. The file is looked at rather than watched, since the secrets that
 * Kubernetes mounts change by the swap of a symbolic link, which a watch does not see.
 *
 * @param parse reads the file's text; its errors must hold no secret, since they are logged
 * @throws whatever reading or parsing throws the first time
 */
export function reloadFile<Value>(
  path: string,
  parse: (text: string) => Value,
  log: Pick<FastifyBaseLogger, 'info' | 'error'>,
): Reloaded<Value> {
  let value = parse(readFileSync(path, 'utf8'))
  const look = () => {
    try {
      value = parse(readFileSync(path, 'utf8'))
      log.info({ path }, 'a configured file changed and was read again')
    } catch (error) {
      const reason = (error as Error).message
      log.error({ path, reason }, 'a configured file changed and is broken: the old one stays')
    }
  }
  watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, look)
  return {
    current: () => value,
    close: () => {
      unwatchFile(path, look)
    },
  }
}

/**
 * Parses JSON of which no piece may be told: the parser's own message quotes what it read.
 *
 * @throws {Error} which says that it is not JSON, and no more
 */
export function parseSecretJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new Error('is not valid JSON')
  }
}
