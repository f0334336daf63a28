import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A certificate authority of a company, and a certificate for localhost that it signed. */
export interface PrivateCa {
  /** Path of the authority's certificate, PEM. */
  file: string
  pem: string
  key: string
  cert: string
}

/** Makes one with openssl in a directory. */
export function makePrivateCa(directory: string): PrivateCa {
  const openssl = (...options: string[]) =>
    execFileSync('openssl', options, { cwd: directory, stdio: 'ignore' })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl(
    ...['req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2'],
    ...['-subj', '/CN=Private CA', '-addext', 'keyUsage=critical,keyCertSign'],
  )
  openssl(
    ...['req', ...newKey, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost'],
  )
  writeFileSync(join(directory, 'names'), 'subjectAltName=DNS:localhost\n')
  openssl(
    ...['x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key'],
    ...['-CAcreateserial', '-out', 'server.pem', '-days', '2', '-extfile', 'names'],
  )
  const read = (name: string) => readFileSync(join(directory, name), 'utf8')
  return {
    file: join(directory, 'ca.pem'),
    pem: read('ca.pem'),
    key: read('server.key'),
    cert: read('server.pem'),
  }
}
