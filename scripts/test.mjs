/*
 * `npm test`: compiles and checks the types in one run of tsc, then lints and checks the format while the fast suite
 * runs. It needs Node.js and the packages of package.json alone.
 */
import { spawn } from 'node:child_process'
import process from 'node:process'

/** Runs an npm script. A quiet one prints when it has ended, so that its output stays together. */
async function run(script, isQuiet) {
  const child = spawn('npm', ['run', '--silent', script], {
    stdio: ['ignore', isQuiet ? 'pipe' : 'inherit', isQuiet ? 'pipe' : 'inherit'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => (output += text))
  }
  const code = await new Promise((resolve) => child.once('close', resolve))
  process.stdout.write(output)
  if (code !== 0) process.stderr.write(`npm run ${script} failed\n`)
  return code === 0
}

if (!(await run('build:all'))) process.exit(1)
const lint = run('lint', true)
const hasPassed = await run('test:fast')
if (!(await lint) || !hasPassed) process.exitCode = 1
