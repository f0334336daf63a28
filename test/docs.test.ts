import { execFile, spawnSync } from 'node:child_process'
import { copyFileSync, createWriteStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { shellBlocks, type ShellBlock } from './support/doc-blocks.js'
import { startProcess } from './support/process.js'

const run = promisify(execFile)

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'))

/** The service that a page speaks to, `npm run sandbox`, with the logs that operations.md reads in this directory. */
async function startPageService(t: Test, directory: string) {
  const service = startProcess(t, {
    SANDBOX: 'true',
    SANDBOX_PORT: '0',
    PORT: '0',
    AUDIT_FILE: join(directory, 'audit.log'),
  })
  service.child.stdout?.pipe(createWriteStream(join(directory, 'service.log')))
  const listens = await service.line(/Server listening at/)
  const sandbox = await service.line(/SANDBOX:/)
  return {
    url: /http:\/\/[\d.:]+/.exec(listens)?.[0] ?? '',
    sandbox: (JSON.parse(sandbox) as { sandbox: string }).sandbox,
  }
}

/** Programs that the blocks call and this machine has not; in CI none is missing. */
function missing(blocks: ShellBlock[]): string[] {
  return ['curl', 'jq', 'aws'].filter(
    (program) =>
      blocks.some(({ script }) => new RegExp(`(^|[ |(])${program} `, 'm').test(script)) &&
      spawnSync(program, ['--version']).error !== undefined,
  )
}

/** Runs the blocks of a page one after another in one shell, which ends with the first command that fails. */
async function runBlocks(blocks: ShellBlock[], directory: string, path: string) {
  const script = blocks.map(({ line, script }) => `echo "== line ${line}"\n${script}`).join('\n')
  const running = run('bash', ['--norc', '-euo', 'pipefail', '-c', script], {
    cwd: directory,
    timeout: 60_000,
    env: { PATH: path, HOME: directory, REPOSITORY: process.cwd() },
  })
  running.child.stdin?.end()
  return running.then(
    ({ stdout }) => ({ failed: '', stdout }),
    (error: unknown) => {
      const { stdout, stderr } = error as { stdout: string; stderr: string }
      return { failed: `${stdout.slice(-2000)}\n${stderr.slice(-2000)}`, stdout }
    },
  )
}

for (const page of PAGES) {
  const blocks = shellBlocks(readFileSync(page, 'utf8'))
  const [runnable, others] = [true, false].map((is) =>
    blocks.filter(({ needs }) => (needs === undefined) === is),
  ) as [ShellBlock[], ShellBlock[]]

  t.test(`${page}: its commands do what they are shown for`, async (t) => {
    if (runnable.length === 0) return
    const absent = missing(runnable)
    if (absent.length > 0 && !process.env.CI) {
      t.comment(`not run, for want of ${absent.join(', ')}`)
      return
    }
    const directory = t.testdir({ bin: {} })
    // the one thing that stands in for itself: npm, so that a page cannot install anew or run this suite in itself
    copyFileSync('test/support/doc-npm.sh', join(directory, 'bin/npm'))
    const { url, sandbox } = await startPageService(t, directory)
    const here = runnable.map((block) => ({
      ...block,
      script: block.script
        .replaceAll('http://127.0.0.1:3000', url)
        .replaceAll('http://127.0.0.1:4010', sandbox),
    }))
    const path = `${join(directory, 'bin')}:${process.env.PATH ?? ''}`
    const { failed, stdout } = await runBlocks(here, directory, path)
    t.equal(failed, '', 'every command ends with the exit code 0')
    t.notMatch(stdout, /"returnData": ?"Failed"/, 'no command is refused')
  })

  for (const { line, needs, script } of others) {
    t.test(
      `${page}, line ${line}: needs ${needs ?? ''}, and is written as a shell reads it`,
      async (t) => {
        const { status, stderr } = spawnSync('bash', ['-n', '-c', script], { encoding: 'utf8' })
        t.equal(status, 0, stderr)
      },
    )
  }
}

t.test('a page whose command fails is told', async (t) => {
  const directory = t.testdir()
  const blocks = shellBlocks('1. So:\n\n   ```sh\n   false | cat\n   true\n   ```\n')
  t.match(blocks, [{ line: 3, script: 'false | cat\ntrue\n' }])
  t.not((await runBlocks(blocks, directory, process.env.PATH ?? '')).failed, '')
  t.throws(() => shellBlocks('```sh skip\nfalse\n```'), { message: 'line 1: skip?' })
})

t.test('every link of a page to a file of the repository leads somewhere', async (t) => {
  for (const page of PAGES) {
    const links = readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)
    for (const [, link = ''] of links) t.ok(existsSync(join(page, '..', link)), `${page}: ${link}`)
  }
})
