import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import t from 'tap'
import { testDirectory } from '../support/test-directory.js'

const run = promisify(execFile)

/** Lints an OpenAPI document with Redocly, by the rules of redocly.yaml; what it found, each with its rule. */
async function lint(document: string): Promise<{ ruleId: string; message: string }[]> {
  const cli = 'node_modules/@redocly/cli/bin/cli.js'
  const env = { PATH: process.env.PATH, REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', REDOCLY_TELEMETRY: 'off' }
  const { stdout } = await run(
    process.execPath,
    [cli, 'lint', document, '--format=json', '--config=redocly.yaml'],
    { env },
  ).catch((error: unknown) => error as { stdout: string })
  return (JSON.parse(stdout) as { problems: { ruleId: string; message: string }[] }).problems
}

t.test('the OpenAPI document keeps every rule of Redocly, warnings included', async (t) => {
  t.same(await lint('openapi/openapi.yaml'), [])
})

t.test('no rule is switched off or made milder', async (t) => {
  const config = await readFile('redocly.yaml', 'utf8')
  t.match(config, /extends:\n {2}- recommended-strict\n/)
  t.notMatch(config, /rules:/)
})

t.test('reports a document that breaks a rule', async (t) => {
  const document = await readFile('openapi/openapi.yaml', 'utf8')
  const dir = testDirectory(t, { 'openapi.yaml': document.replaceAll('operationId: getLiveness', '') })
  t.match(await lint(`${dir}/openapi.yaml`), [{ ruleId: 'operation-operationId' }])
})
