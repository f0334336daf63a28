import { execFile } from 'node:child_process'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import openapiTS, { astToString } from 'openapi-typescript'
import t from 'tap'
import { keysFile } from '../support/keys.js'
import { startSandboxService } from '../support/service.js'

const run = promisify(execFile)

/** Runs TypeScript's compiler on a project; what it complains of. */
async function compile(project: string): Promise<string> {
  const tsc = 'node_modules/typescript/bin/tsc'
  // with nothing of tap's environment, whose source maps and coverage make the compiler four times slower
  const env = { PATH: process.env.PATH }
  const { stdout } = await run(process.execPath, [tsc, '-p', project], { env }).catch(
    (error: unknown) => error as { stdout: string },
  )
  return stdout
}

t.test('a client whose types come from the OpenAPI document', async (t) => {
  const document = JSON.parse(await readFile('openapi/openapi.json', 'utf8')) as object
  const dir = t.testdir({ 'package.json': '{"type": "module"}' })
  await writeFile(`${dir}/schema.d.ts`, astToString(await openapiTS(document as never)))
  await cp('test/fixtures/typed-client', dir, { recursive: true })

  await t.test('compiles strictly, and its types refuse what the service refuses', async (t) => {
    t.equal(await compile(dir), '')
  })

  await t.test('gets typed responses: created, partial, found, refused, a job', async (t) => {
    const keys = keysFile(t)
    const service = await startSandboxService(t, { AUTH: 'api-key', API_KEYS_FILE: keys.file })
    const { stdout } = await run(process.execPath, [
      `${dir}/client.js`,
      service.url,
      keys.made.write.key,
    ])
    const arn = (name: string) => `arn:aws:cloudtrail:us-east-1:111122223333:trail/${name}`
    t.match(JSON.parse(stdout), {
      created: { status: 200, created: [arn('audit-2026'), arn('forensics')], why: [] },
      partial: {
        status: 400,
        created: [],
        why: ['MaximumNumberOfTrailsExceededException', 'InvalidTrailNameException'],
      },
      found: { user: 'temp-contractor' },
      refused: { status: 401, code: 'NoApiKey', error: /^List Trails failed\. Status Code: 401\./ },
      job: { status: 202, id: String, total: 1 },
    })
  })
})
