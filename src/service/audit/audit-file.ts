import { open, type FileHandle } from 'node:fs/promises'
import type { AuditSink } from './audit-log.js'

const NEW_LINE = 10

/**
 * A file, opened for each write so that it can be rotated at any time. Only its owner may read it. A write that fails in
 * the middle, as on a full disk, leaves no part of an entry; after a fragment that a crash left, the next entry starts on
 * a new line. Durable entries are on the disk when the write is done.
 *
 * @param onFragment reports that the file ended in a fragment
 */
export function auditFile(path: string, onFragment: () => void): AuditSink {
  return {
    write: async (lines, isDurable) => {
      const file = await open(path, 'a+', 0o600)
      try {
        await append(file, lines, isDurable, onFragment)
      } finally {
        await file.close()
      }
    },
  }
}

async function append(
  file: FileHandle,
  lines: string,
  isDurable: boolean,
  onFragment: () => void,
): Promise<void> {
  const stat = await file.stat()
  const { size } = stat
  const isFragment = size > 0 && (await lastByteOf(file, size)) !== NEW_LINE
  const bytes = Buffer.from(isFragment ? `\n${lines}` : lines)
  try {
    for (let written = 0; written < bytes.length;) {
      written += (await file.write(bytes, written)).bytesWritten
    }
    // a device has neither a disk nor a size
    if (isDurable && stat.isFile()) await file.datasync()
  } catch (error) {
    if (stat.isFile()) await file.truncate(size)
    throw error
  }
  if (isFragment) onFragment()
}

async function lastByteOf(file: FileHandle, size: number): Promise<number | undefined> {
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0]
}
