/*
 * `npm run api-key -- --name NAME --scope SCOPE`: compiles the service, where there is a compiler, and makes an API key.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import process from 'node:process'

const COMPILER = 'node_modules/typescript-7/bin/tsc'
const PROGRAM = 'dist/api-key.js'

const run = (command, args, options) => spawnSync(command, args, { stdio: 'inherit', ...options })

if (existsSync(COMPILER)) {
  const { status } = run('npm', ['run', '--silent', 'build'])
  if (status !== 0) process.exit(status ?? 1)
}
if (existsSync(PROGRAM)) {
  process.exitCode = run(process.execPath, [PROGRAM, ...process.argv.slice(2)]).status ?? 1
} else {
  process.stderr.write(
    'There is no compiler: the devDependencies are not installed. Run `npm ci --include=dev` first, or use the image: `docker run --rm IMAGE api-key --name NAME --scope SCOPE`.\n',
  )
  process.exitCode = 1
}
