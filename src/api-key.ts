#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { makeApiKey, parseApiKeys, SCOPES, type KeyScope } from './auth/api-key.js'

const OPTIONS = '--name NAME --scope read|write|admin [--connection NAME ...]'

/** `npm run api-key`, in the image `api-key`: prints a new key, which is shown this once, and its entry for the keys file. */
const USAGE = `usage: npm run api-key -- ${OPTIONS}\n       api-key ${OPTIONS}   in the image\n`

function main(): void {
  const { values } = parseArgs({
    options: {
      name: { type: 'string' },
      scope: { type: 'string' },
      connection: { type: 'string', multiple: true },
    },
  })
  const { name, scope, connection } = values
  if (name === undefined || !(SCOPES as readonly (string | undefined)[]).includes(scope)) {
    throw new Error('--name and --scope are needed')
  }
  const { key, entry } = makeApiKey(name, scope as KeyScope, connection)
  parseApiKeys(JSON.stringify([entry]))
  process.stdout.write(
    `The key, which is stored nowhere and shown this once:\n\n  ${key}\n\nIts entry in API_KEYS_FILE, a JSON list:\n\n${JSON.stringify(entry, null, 2)}\n`,
  )
}

try {
  main()
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n${USAGE}`)
  process.exitCode = 2
}
