/*
 * Runs a suite with tap: `node scripts/run-tests.mjs fast` or `system`. The tests were compiled to .build/ by
 * `npm run build:all`. With NODE_V8_COVERAGE set, every process of the run writes its coverage to that folder.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import process from 'node:process'
import { missingPrograms } from '../.build/test/support/programs.js'
import { clearApiResponses, reportApiResponses } from './api-responses.mjs'
import { HOOKS } from './test-hooks.mjs'

const [suite, ...folders] = process.argv.slice(2)
const CORES = availableParallelism()

// the sources are listed and not .build/, which keeps the tests of deleted files
const files = readdirSync('test', { recursive: true })
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) => folders.length === 0 || folders.some((f) => `test/${name}`.startsWith(f)))
  .filter((name) => name.endsWith('.system.test.ts') === (suite === 'system'))
  .map((name) => name.replace(/\.ts$/, '.js'))
  .sort()

/** Runs tap on files, and returns its exit code. */
async function runTap(paths, options) {
  const args = [
    'node_modules/tap/dist/esm/run.mjs',
    '--disable-coverage',
    '--reporter=./scripts/print-failures.mjs',
    ...HOOKS.map((hook) => `--node-arg=${hook}`),
  ]
  const child = spawn(process.execPath, [...args, ...options, ...paths], {
    stdio: 'inherit',
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  })
  return new Promise((resolve) => child.once('close', resolve))
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
  return runTap(processes, [`--jobs=${CORES + 1}`, '--timeout=300'])
}

/**
 * System tests run each in a process of its own, some beside each other, since most of them wait more than they work. Those
 * that measure time to the millisecond (`*.alone.system.test.ts`) run after them, one by one: beside others they would
 * measure how busy the machine is.
 */
async function runSystem() {
  const paths = files.map((name) => `.build/test/${name}`)
  const alone = paths.filter((path) => path.endsWith('.alone.system.test.js'))
  const others = paths.filter((path) => !alone.includes(path))
  let code = 0
  for (const [group, jobs] of [
    [others, CORES + 1],
    [alone, 1],
  ]) {
    if (group.length > 0) code += await runTap(group, [`--jobs=${jobs}`, '--timeout=300'])
  }
  return code
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
