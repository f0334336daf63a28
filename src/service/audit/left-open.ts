import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** How much of the end of the audit file is read, in bytes. */
const TAIL_BYTES = 16 * 1024 * 1024

/** An audit entry of an intent. */
export interface IntentEntry {
  id: string
  [field: string]: unknown
}

/**
 * The intents in the last 16 MiB of an audit file that have no outcome: a process exited while their commands wrote.
 *
 * @throws when the file cannot be read
 */
export function intentsLeftOpen(path: string): IntentEntry[] {
  const open = new Map<string, IntentEntry>()
  for (const line of tailOf(path).split('\n')) {
    if (!line.includes('"phase":')) continue
    const { id, phase, ...entry } = parseEntry(line)
    if (typeof id !== 'string') continue
    if (phase === 'intent') open.set(id, { id, ...entry })
    else open.delete(id)
  }
  return [...open.values()]
}

function tailOf(path: string): string {
  const fd = openSync(path, 'r')
  try {
    const stat = fstatSync(fd)
    if (!stat.isFile()) return ''
    const bytes = Buffer.alloc(Math.min(stat.size, TAIL_BYTES))
    const read = readSync(fd, bytes, 0, bytes.length, stat.size - bytes.length)
    return bytes.toString('utf8', 0, read)
  } finally {
    closeSync(fd)
  }
}

/** An entry; nothing of a line that a crash cut. */
function parseEntry(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    return {}
  }
}
