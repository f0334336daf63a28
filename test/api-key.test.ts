import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { testDirectory } from './support/test-directory.js'

const PROGRAM = resolve('.build/src/api-key.js')
const ARGS = ['--name', 'soar', '--scope', 'write', '--connection', 'default']

t.test('prints a key and its entry, under a name of its own as in the image', async (t) => {
  const link = join(testDirectory(t), 'api-key')
  symlinkSync(PROGRAM, link)
  chmodSync(PROGRAM, 0o755)
  const made = spawnSync(link, ARGS, { encoding: 'utf8' })
  t.equal(made.status, 0)
  t.match(made.stdout, /^ {2}ctk_[\w-]{43}$/m)
  t.match(JSON.parse(made.stdout.slice(made.stdout.indexOf('{'))), {
    name: 'soar',
    sha256: /^[0-9a-f]{64}$/,
    scope: 'write',
    connections: ['default'],
  })
  const refused = spawnSync(link, ['--name', 'soar'], { encoding: 'utf8' })
  t.equal(refused.status, 2)
  t.match(refused.stderr, /--scope are needed[^]*usage: .*api-key/)
})

t.test(
  'npm run api-key needs no compiler where the service is compiled, and says so where not',
  async (t) => {
    const cwd = testDirectory(t, { scripts: {} })
    copyFileSync('scripts/api-key.mjs', join(cwd, 'scripts/api-key.mjs'))
    const run = () =>
      spawnSync(process.execPath, ['scripts/api-key.mjs', ...ARGS], { cwd, encoding: 'utf8' })
    const missing = run()
    t.equal(missing.status, 1)
    t.match(missing.stderr, /no compiler.*npm ci --include=dev.*docker run --rm IMAGE api-key/)
    mkdirSync(join(cwd, 'dist'))
    writeFileSync(join(cwd, 'dist/api-key.js'), 'console.log(process.argv.slice(2).join(" "))')
    const compiled = run()
    t.same([compiled.status, compiled.stdout.trim()], [0, ARGS.join(' ')])
  },
)
