import { createClient } from '@hey-api/openapi-ts'
import { execFile } from 'node:child_process'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import openapiTS, { astToString } from 'openapi-typescript'
import t from 'tap'
import { keysFile } from '../support/keys.js'
import { startSandboxService } from '../support/service.js'
import { testDirectory } from '../support/test-directory.js'

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

/** What each generator writes for the client of its fixture. */
const GENERATORS: Record<string, (folder: string) => Promise<unknown>> = {
  'openapi-typescript': async (folder) => {
    const document = JSON.parse(await readFile('openapi/openapi.json', 'utf8')) as object
    await writeFile(`${folder}/schema.ts`, astToString(await openapiTS(document as never)))
  },
  'hey-api': (folder) =>
    createClient({
      input: resolve('openapi/openapi.json'),
      output: `${folder}/generated`,
      logs: { level: 'silent' },
    }),
}

for (const [generator, generate] of Object.entries(GENERATORS)) {
  t.test(`a client of ${generator}`, async (t) => {
    const folder = testDirectory(t, { 'package.json': '{"type": "module"}' })
    await cp(`test/fixtures/${generator}-client`, folder, { recursive: true })
    await generate(folder)

    await t.test('compiles strictly, and its types refuse what the service refuses', async (t) => {
      t.equal(await compile(folder), '')
    })

    await t.test('has no type whose name ends in a number', async (t) => {
      const file = generator === 'hey-api' ? 'generated/types.gen.ts' : 'schema.ts'
      const types = await readFile(`${folder}/${file}`, 'utf8')
      for (const name of ['CreateTrailsRequest', 'CreateTrailsResponse', 'TrailData', 'Connection']) {
        t.match(types, new RegExp(`\\b${name}\\b`))
      }
      t.notMatch(types, /export type \w+\d\b|^ {8}[A-Z]\w*\d:/m)
    })

    await t.test('runs ten commands on the sandbox, is refused, and follows a job', async (t) => {
      const keys = keysFile(t)
      const service = await startSandboxService(t, { AUTH: 'api-key', API_KEYS_FILE: keys.file })
      const { stdout } = await run(process.execPath, [
        `${folder}/client.js`,
        service.url,
        keys.made.write.key,
      ])
      t.same(JSON.parse(stdout), {
        trailArn: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/audit-2026',
        validated: true,
        bucket: 'acme-cloudtrail-logs',
        started: ['audit-2026'],
        isLogging: true,
        selector: 'WriteOnly',
        tagged: ['team'],
        listed: ['soc'],
        user: 'temp-contractor',
        deleted: { outcome: 'Partially Successful', why: ['TrailNotFoundException'] },
        refused: { status: 401, code: 'NoApiKey' },
        job: { status: 202, total: 1 },
      })
    })
  })
}
