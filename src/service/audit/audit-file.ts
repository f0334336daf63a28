import { open, type FileHandle } from 'node:fs/promises'
import type { AuditSink } from './audit-log.js'

const NEW_LINE = 10

type Append = (file: FileHandle, ...write: Parameters<AuditSink['write']>) => Promise<void>

/**
 * A file, opened for each write so that it can be rotated at any time. Only its owner may read it. A write that fails in
 * the middle, as on a full disk, leaves no part of an entry; after a fragment that a crash left, the next entry starts on
 * a new line. Durable entries are on the disk when the write is done.
 *
 * @param onFragment reports that the file ended in a fragment
 */
export function auditFile(path: string, onFragment: () => void): AuditSink {
  // the file has no other writer: its end is read once, and after a write that failed
  let isEndKnown = false
  // a device has neither a disk nor a size
  let isDevice = false

  const append: Append = async (file, lines, isDurable, onStep) => {
    let isFragment = false
    if (!isEndKnown) {
      const stat = await file.stat()
      onStep()
      isDevice = !stat.isFile()
      isFragment = stat.size > 0 && (await lastByteOf(file, stat.size)) !== NEW_LINE
      onStep()
    }
    const bytes = Buffer.from(isFragment ? `\n${lines}` : lines)
    isEndKnown = false
    let written = 0
    try {
      while (written < bytes.length) {
        written += (await file.write(bytes, written)).bytesWritten
        onStep()
      }
      if (isDurable && !isDevice) await file.datasync()
    } catch (error) {
      // if that fails too, the next write finds the fragment
      if (!isDevice) await cutEnd(file, written).catch(() => undefined)
      throw error
    }
    isEndKnown = true
    if (isFragment) onFragment()
  }

  return {
    write: async (lines, isDurable, onStep) => {
      const file = await open(path, 'a+', 0o600)
      try {
        onStep()
        await append(file, lines, isDurable, onStep)
      } finally {
        const closed = file.close()
        closed.catch(() => (isEndKnown = false))
        // an entry that is on the disk does not wait for the end of the close
        if (!isDurable) await closed
      }
    },
  }
}

async function cutEnd(file: FileHandle, bytes: number): Promise<void> {
  const { size } = await file.stat()
  await file.truncate(size - bytes)
}

async function lastByteOf(file: FileHandle, size: number): Promise<number | undefined> {
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0]
}
