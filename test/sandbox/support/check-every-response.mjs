/*
 * Loaded into every test process: checks each CloudTrail response of a sandbox in that process
 * against the SDK's own schemas. A violation is an unhandled rejection, which fails the running test.
 */
import { subscribe } from 'node:diagnostics_channel'

subscribe('cloudtrail-sandbox.response', (response) => {
  void check(response)
})

async function check(response) {
  // loaded with the first response, because most tests have no sandbox
  const { schemaViolations } = await import('./schema-check.js')
  const violations = schemaViolations(response)
  if (violations.length > 0) {
    throw new Error(`The sandbox sent a response that AWS never sends: ${violations.join('; ')}`)
  }
}
