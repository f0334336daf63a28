import { execFile } from 'node:child_process'
import { copyFileSync, createWriteStream, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { comparable, PAGES, shellBlocks, type ShellBlock } from './support/doc-blocks.js'
import { startProcess } from './support/process.js'
import { needs } from './support/needs.js'
import { testDirectory } from './support/test-directory.js'

needs('curl', 'jq', 'aws')

const run = promisify(execFile)

/** Starts the service of a page, `npm run sandbox`, with the logs that troubleshoot.md reads in this directory. */
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

/** Runs the blocks of a page one after another in one shell, which exits at the first command that fails. */
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
  const blocks = shellBlocks(readFileSync(page, 'utf8')).filter(({ needs }) => needs === undefined)
  if (blocks.length === 0) continue
  t.test(`${page}: every command exits with 0, and the service refuses none`, async (t) => {
    // a clone as far as pages read it, and the playbook that xsoar.md exports
    const directory = testDirectory(t, {
      bin: {},
      openapi: t.fixture('symlink', resolve('openapi')),
      'playbook.yml': 'script: AWS - CloudTrail|||aws-cloudtrail-create-trail\n',
    })
    // npm is replaced, so that a page cannot install packages or run this suite in itself
    copyFileSync('test/support/doc-npm.sh', join(directory, 'bin/npm'))
    const { url, sandbox } = await startPageService(t, directory)
    const here = blocks.map((block) => ({
      ...block,
      script: block.script
        .replaceAll('http://127.0.0.1:3000', url)
        .replaceAll('http://127.0.0.1:4010', sandbox),
    }))
    const path = `${join(directory, 'bin')}:${process.env.PATH ?? ''}`
    const { failed, stdout } = await runBlocks(here, directory, path)
    t.equal(failed, '')
    t.notMatch(stdout, /"returnData": ?"Failed"/)
    for (const { line, output } of blocks) {
      if (output === undefined) continue
      const printed = stdout.split(`== line ${line}\n`)[1]?.split('\n== line ')[0] ?? ''
      t.equal(comparable(printed), comparable(output), `line ${line}: prints what the page shows`)
    }
  })
}

t.test('a page fails when one of its commands fails', async (t) => {
  const directory = testDirectory(t)
  const blocks = shellBlocks('1. So:\n\n   ```sh\n   false | cat\n   true\n   ```\n')
  t.match(blocks, [{ line: 3, script: 'false | cat\ntrue\n' }])
  t.not((await runBlocks(blocks, directory, process.env.PATH ?? '')).failed, '')
})
