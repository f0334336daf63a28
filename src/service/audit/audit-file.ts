import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs'
import type { AuditSink } from './audit-log.js'

const NEW_LINE = 10

/**
 * A file, opened for each entry so that it can be rotated at any time. Only its owner may read it. A write that fails in
 * the middle, as on a full disk, leaves no part of the entry; after a fragment that a crash left, the next entry starts on
 * a new line.
 *
 * @param onFragment reports that the file ended in a fragment
 * @throws {AuditFileError} when the path is that of a FIFO, whose reader could stop the service
 */
export function auditFile(path: string, onFragment: () => void): AuditSink {
  if (statSync(path, { throwIfNoEntry: false })?.isFIFO() === true) {
    throw new AuditFileError(`AUDIT_FILE must be a file, and ${path} is a FIFO`)
  }
  return {
    write: (line) => {
      withFile(path, (fd) => {
        append(fd, line, onFragment)
      })
    },
    check: () => {
      withFile(path, () => undefined)
    },
  }
}

/** AUDIT_FILE names something that cannot hold the audit log. */
export class AuditFileError extends Error {
  override name = 'AuditFileError'
}

function withFile(path: string, use: (fd: number) => void): void {
  const fd = openSync(path, 'a+', 0o600)
  try {
    use(fd)
  } finally {
    closeSync(fd)
  }
}

function append(fd: number, line: string, onFragment: () => void): void {
  const stat = fstatSync(fd)
  const { size } = stat
  const isFragment = size > 0 && lastByteOf(fd, size) !== NEW_LINE
  const bytes = Buffer.from(isFragment ? `\n${line}` : line)
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(fd, bytes, written)
  } catch (error) {
    // a device has no size
    if (stat.isFile()) ftruncateSync(fd, size)
    throw error
  }
  if (isFragment) onFragment()
}

function lastByteOf(fd: number, size: number): number | undefined {
  const byte = Buffer.alloc(1)
  readSync(fd, byte, 0, 1, size - 1)
  return byte[0]
}
