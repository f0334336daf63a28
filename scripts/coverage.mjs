/*
 * `npm run coverage`: runs both suites, prints the coverage of src/, and fails when fewer than 99.4 % of its lines are
 * covered, or when a line that is not covered lacks its reason, `c8 ignore next -- reason`. Every process of the tests
 * counts, also those that a test starts.
 */
import { Report } from 'c8'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { relative } from 'node:path'
import process from 'node:process'

/** The share of lines that must be covered, in percent. */
const MINIMUM = 99.4

const tempDirectory = '.build/coverage'
rmSync(tempDirectory, { recursive: true, force: true })
const env = { ...process.env, NODE_V8_COVERAGE: tempDirectory }
const run = (command, args) =>
  spawnSync(command, args, { stdio: 'inherit', env: command === 'npm' ? process.env : env })
    .status === 0

if (!run('npm', ['run', '--silent', 'build:all'])) process.exit(1)
const havePassed = ['fast', 'system'].map((suite) =>
  run(process.execPath, ['scripts/run-tests.mjs', suite]),
)
if (havePassed.includes(false)) process.exitCode = 1

/** Modules of nothing but types: there is nothing in them to run. */
const typesOnly = readdirSync('.build/src', { recursive: true, encoding: 'utf8' })
  .map((name) => `.build/src/${name}`)
  .filter((path) => path.endsWith('.js'))
  .filter((path) => /^export \{\};\n\/\/# sourceMappingURL=.*$/.test(readFileSync(path, 'utf8')))

const report = new Report({
  tempDirectory,
  include: ['.build/src/**'],
  // the browser runs the assets of pages
  exclude: ['.build/src/routes/*/assets/**', ...typesOnly],
  reporter: ['text-summary', 'html'],
  reportsDirectory: 'coverage',
  all: true,
  src: ['.build/src'],
  // one file at a time: together they do not fit into memory
  mergeAsync: true,
})
await report.run()

const coverage = await report.getCoverageMapFromAllCoverageFiles()
const { pct } = coverage.getCoverageSummary().lines
let uncovered = 0
for (const path of coverage.files()) {
  const lines = coverage.fileCoverageFor(path).getUncoveredLines()
  if (lines.length === 0) continue
  uncovered += lines.length
  process.stdout.write(`not covered: ${relative('.', path)}: ${lines.join(', ')}\n`)
}
if (uncovered > 0) process.stderr.write(`${uncovered} lines are not covered and carry no reason\n`)
if (pct < MINIMUM) process.stderr.write(`${pct} % of lines are covered, and ${MINIMUM} % must be\n`)
if (uncovered > 0 || pct < MINIMUM) process.exitCode = 1
