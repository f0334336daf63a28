import { closeSync, openSync, statSync } from 'node:fs'

/** AUDIT_FILE names something that cannot hold the audit log; the message has the way out. */
export class AuditFileError extends Error {
  override name = 'AuditFileError'
}

/** The way out of an audit file that cannot be opened, by the code of the error. */
const WAYS_OUT: Record<string, string> = {
  ENOENT: 'make its directory, or set AUDIT_FILE to a file in a directory that exists',
  ENOTDIR: 'a part of its path is a file; set AUDIT_FILE to a file in a directory that exists',
  EISDIR: 'it is a directory; set AUDIT_FILE to a file',
}

/**
 * Makes the audit file where there is none, so that a mistake in its path stops the start: later it would refuse every write.
 *
 * @throws {AuditFileError} when the file cannot be opened as the audit log opens it, or is a FIFO, whose reader could stop
 *   the service
 */
export function checkAuditFile(path: string): void {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isFIFO() !== true) {
      closeSync(openSync(path, 'a+', 0o600))
      return
    }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    const wayOut =
      WAYS_OUT[code] ?? 'let this user read and write it, or set AUDIT_FILE to another file'
    throw new AuditFileError(`AUDIT_FILE ${path} cannot be opened (${code}): ${wayOut}`)
  }
  throw new AuditFileError(`AUDIT_FILE must be a file, and ${path} is a FIFO`)
}
