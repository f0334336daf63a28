import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import type { Logger } from './log.js'

/** How often a file is looked at, in milliseconds. */
const LOOK_EVERY_MS = 1_000

/** What a configured file says now. */
export interface Reloaded<Value> {
  current(): Value
  /** Stops looking at the file. */
  close(): void
}

/** Reads another file that the first one refers to; from then on that one is looked at too. */
export type ReadFile = (path: string) => string

/**
 * Reads a file, and reads it again whenever it, or a file that it refers to, changes. A new file that breaks a rule is
 * logged and ignored: what was read before stays in force. The files are polled rather than
 * watched, since the secrets that Kubernetes mounts change by the swap of a symbolic link, which a watch does not see.
 *
 * @param parse reads the file's text; its errors must hold no secret, since they are logged
 * @throws whatever reading or parsing throws the first time
 */
export function reloadFile<Value>(
  path: string,
  parse: (text: string, readFile: ReadFile) => Value,
  log: Pick<Logger, 'info' | 'error'>,
): Reloaded<Value> {
  const watched = new Set<string>()
  const watch = (file: string) => {
    if (watched.has(file)) return
    watched.add(file)
    watchFile(file, { interval: LOOK_EVERY_MS, persistent: false }, look)
  }
  const readWatched = (file: string) => {
    watch(file)
    return readFileSync(file, 'utf8')
  }
  const read = () => parse(readWatched(path), readWatched)
  const close = () => {
    for (const file of watched) unwatchFile(file, look)
    watched.clear()
  }
  const look = () => {
    try {
      value = read()
      log.info({ path }, 'a configured file changed and was read again')
    } catch (error) {
      const reason = (error as Error).message
      log.error({ path, reason }, 'a configured file changed and is broken: the old one stays')
    }
  }
  let value: Value
  try {
    value = read()
  } catch (error) {
    close()
    throw error
  }
  return { current: () => value, close }
}

/**
 * Parses JSON that holds secrets: the parser's own message would quote them.
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
