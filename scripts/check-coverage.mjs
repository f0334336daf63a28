// Fails when a line of src/ was not covered by the suite: such a line must carry its reason (`c8 ignore -- reason`).
import { readFile } from 'node:fs/promises'
import process from 'node:process'

const report = JSON.parse(await readFile('.tap/report/coverage-final.json', 'utf8'))
let uncovered = 0
for (const [file, { statementMap, s: counts }] of Object.entries(report)) {
  const lines = Object.entries(statementMap)
    .filter(([id]) => counts[id] === 0)
    .map(([, { start }]) => start.line)
  if (lines.length === 0) continue
  uncovered += lines.length
  process.stdout.write(`${file.replace(`${process.cwd()}/`, '')}: ${lines.join(', ')}\n`)
}
if (uncovered > 0) {
  process.stderr.write(`${uncovered} lines are not covered and carry no reason\n`)
  process.exitCode = 1
}
