/*
 * Loaded into every test process (see .taprc): each answer that a sandbox gives there, to whatever
 * client, is checked against the SDK's own schemas. A fault is an unhandled rejection, which fails the
 * test that is running.
 */
import { subscribe } from 'node:diagnostics_channel'

subscribe('cloudtrail-sandbox.answer', (answer) => {
  void check(answer)
})

async function check(answer) {
  // loaded with the first answer, because most tests have no sandbox
  const { schemaFaults } = await import('./schema-check.js')
  const faults = schemaFaults(answer)
  if (faults.length > 0)
    throw new Error(`The sandbox answered as AWS never does: ${faults.join('; ')}`)
}
