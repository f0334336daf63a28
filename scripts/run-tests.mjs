/*
 * Runs a suite: `node scripts/run-tests.mjs fast` or `system`. The tests were compiled to .build/ by
 * `npm run build:all`. With NODE_V8_COVERAGE set, every process of the run writes its coverage to that folder.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, constants, setPriority } from 'node:os'
import process from 'node:process'
import { missingPrograms } from '../.build/test/support/programs.js'
import { clearApiResponses, reportApiResponses } from './api-responses.mjs'

const [suite, ...folders] = process.argv.slice(2)
const CORES = availableParallelism()

// the sources are listed and not .build/, which keeps the tests of deleted files
const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) => folders.length === 0 || folders.some((f) => `test/${name}`.startsWith(f)))
  .filter((name) => name.endsWith('.system.test.ts') === (suite === 'system'))
  .map((name) => name.replace(/\.ts$/, '.js'))
  .sort()

/** Runs files beside each other, at a priority of the operating system where one is given, and returns the exit code. */
async function runFiles(paths, jobs, priority) {
  if (paths.length === 0) return 0
  const child = spawn(process.execPath, ['scripts/run-files.mjs', jobs, ...paths], {
    stdio: 'inherit',
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  })
  if (priority !== undefined) setPriority(child.pid, priority)
  // a process that a signal ended has no code
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)))
}

/**
 * Fast tests share processes: starting one costs more than most of the files. Neighbours are spread over the processes,
 * because slow files are often of one folder.
 */
function runFast() {
  const folder = '.build/processes'
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const count = CORES * 3
  const processes = Array.from({ length: count }, (_, at) => {
    const own = files.filter((_, index) => index % count === at)
    const path = `${folder}/${String(at + 1).padStart(2, '0')}.js`
    writeFileSync(path, own.map((name) => `await import('../test/${name}')\n`).join(''))
    return path
  })
  return runFiles(processes, CORES + 1)
}

/**
 * System tests run each in a process of its own, some beside each other, since most of them wait more than they work. Those
 * that measure time to the millisecond (`*.timed.system.test.ts`) run one by one at the usual priority, and the others at
 * the lowest, so that they take only the processor time that the measurements leave.
 */
async function runSystem() {
  const paths = files.map((name) => `.build/test/${name}`)
  const isTimed = (path) => path.endsWith('.timed.system.test.js')
  const others = paths.filter((path) => !isTimed(path))
  const codes = await Promise.all([
    runFiles(paths.filter(isTimed), 1),
    runFiles(others, CORES + 1, constants.priority.PRIORITY_LOW),
  ])
  return codes.find((code) => code !== 0) ?? 0
}

if (files.length === 0) {
  process.stderr.write(`no file of the ${suite} suite is in ${folders.join(' or ')}\n`)
  process.exit(1)
}
const print = (line) => process.stdout.write(`${line}\n`)
if (suite === 'system') {
  const missing = missingPrograms()
  for (const program of missing) print(`missing: ${program}`)
  if (missing.length > 0 && process.env.CI) process.exit(1)
}

clearApiResponses()
process.exitCode = await (suite === 'system' ? runSystem() : runFast())
reportApiResponses()
if (suite === 'fast') {
  print(
    'The system suite has the rest: tests that need other programs, and tests that measure real time.',
  )
  print('Run it with: npm run test:system')
}
