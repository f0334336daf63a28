import process from 'node:process'
import t from 'tap'
import { missingPrograms, type Program } from './programs.js'

/**
 * Called first in a file of the system suite, which is skipped without these programs. In CI the suite does not start when
 * one is missing (scripts/run-tests.mjs).
 */
export function needs(...names: Program[]): void {
  const missing = missingPrograms(names)
  if (missing.length === 0) return
  t.plan(0, `needs ${missing.join(', ')}`)
  process.exit(0)
}
