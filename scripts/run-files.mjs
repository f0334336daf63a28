/*
 * Runs compiled test files with tap, each in a process of its own: `node scripts/run-files.mjs JOBS FILE...`. tap's own
 * command hooks into the module loader of each process, for TypeScript, mocks and coverage. The compiled tests need none of
 * that, and it takes longer than most files: 3 s of CPU.
 */
import process from 'node:process'
import { t } from 'tap'
import PrintFailures from './print-failures.mjs'
import { HOOKS } from './test-hooks.mjs'

/** The longest time that a file may take, in seconds. */
const TIMEOUT = 300

const [jobs, ...paths] = process.argv.slice(2)
t.jobs = Number(jobs)
t.setTimeout(0)
t.pipe(new PrintFailures()).pipe(process.stdout)
const env = { ...process.env, TAP_TIMEOUT: String(TIMEOUT) }
const runs = paths.map((path) => {
  // `env` undoes what tap adds to NODE_OPTIONS
  const options = `NODE_OPTIONS=${process.env.NODE_OPTIONS ?? ''}`
  const args = [options, process.execPath, '--enable-source-maps', ...HOOKS, path]
  return t.spawn('env', args, { at: null, buffered: true, timeout: TIMEOUT * 1000, env }, path)
})
await Promise.all(runs)
t.end()
if (!t.passing()) process.exitCode = 1
