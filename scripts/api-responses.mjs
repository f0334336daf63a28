/* What test/support/check-api-responses.mjs has found in the processes of a run. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import process from 'node:process'

const FOLDER = '.build/api-responses'
const DEVIATIONS = `${FOLDER}/deviations`

/** Forgets earlier runs. */
export function clearApiResponses() {
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
}

/** Prints how many responses were compared with the OpenAPI document, or the deviations, which fail the run. */
export function reportApiResponses() {
  if (existsSync(DEVIATIONS)) {
    process.stdout.write(`Not as the OpenAPI document says:\n${readFileSync(DEVIATIONS, 'utf8')}`)
    process.exitCode = 1
    return
  }
  const count = readdirSync(FOLDER).reduce(
    (sum, name) => sum + statSync(`${FOLDER}/${name}`).size,
    0,
  )
  process.stdout.write(`${count} responses of the service are as the OpenAPI document says.\n`)
}
