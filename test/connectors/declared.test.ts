import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { Ajv } from 'ajv'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { COMMANDS } from '../../scripts/connectors/command-model.js'

const readJson = (path: string): any => JSON.parse(readFileSync(path, 'utf8'))

/** What the platforms' own integrations offer, by name. */
const OFFICIAL = readJson('test/fixtures/connectors/official-names.json')

const XSOAR = 'connectors/xsoar'
const PACK = `${XSOAR}/CloudTrailCommands`
const APP = 'connectors/splunk-soar/cloudtrail_commands'

/** Checks a document against one of our transcriptions of a platform's rules. */
function checkSchema(t: Test, schema: string, document: unknown): void {
  const ajv = new Ajv({ allErrors: true, strict: false })
  const validate = ajv.compile(readJson(`test/fixtures/connectors/${schema}.schema.json`))
  validate(document)
  t.strictSame(validate.errors ?? [], [])
}

t.test("Cortex XSOAR: both YAML files fit our transcription of demisto-sdk's schema", async (t) => {
  for (const file of [
    `${XSOAR}/integration-CloudTrailCommands.yml`,
    `${PACK}/Integrations/CloudTrailCommands/CloudTrailCommands.yml`,
  ]) {
    checkSchema(t, 'xsoar-integration', parse(readFileSync(file, 'utf8')))
  }
  const { image } = parse(readFileSync(`${XSOAR}/integration-CloudTrailCommands.yml`, 'utf8'))
  const png = Buffer.from(image.split(',')[1], 'base64')
  t.equal(png.subarray(1, 4).toString(), 'PNG')
  t.strictSame([png.readUInt32BE(16), png.readUInt32BE(20)], [120, 50], 'is 120 by 50 pixels')
  t.ok(png.length <= 10 * 1024, `is ${png.length} bytes, of 10 KiB`)
})

t.test('Cortex XSOAR: the commands are a superset of AWS - CloudTrail', async (t) => {
  const { script } = parse(readFileSync(`${XSOAR}/integration-CloudTrailCommands.yml`, 'utf8'))
  t.equal(script.commands.length, COMMANDS.length)
  for (const [name, official] of Object.entries<any>(OFFICIAL.xsoar.commands)) {
    const command = script.commands.find((one: any) => one.name === name)
    const named = new Map<string, any>(command.arguments.map((one: any) => [one.name, one]))
    for (const argument of official.arguments) t.ok(named.has(argument), `${name} ${argument}`)
    for (const { name: argument, required } of named.values()) {
      if (required) t.ok(official.required.includes(argument), `${name} asks for ${argument}`)
    }
    const paths = command.outputs.map(({ contextPath }: any) => contextPath)
    for (const path of official.outputs) t.ok(paths.includes(path), path)
  }
})

t.test('Cortex XSOAR: the pack has its files, and release notes of its version', async (t) => {
  const { currentVersion } = readJson(`${PACK}/pack_metadata.json`)
  t.strictSame(readdirSync(`${PACK}/Integrations/CloudTrailCommands`).sort(), [
    'CloudTrailCommands.py',
    'CloudTrailCommands.yml',
    'CloudTrailCommands_description.md',
    'CloudTrailCommands_image.png',
    'CloudTrailCommands_test.py',
    'README.md',
  ])
  for (const name of ['README.md', `ReleaseNotes/${currentVersion.replaceAll('.', '_')}.md`]) {
    t.ok(existsSync(`${PACK}/${name}`), name)
  }
})

t.test("Splunk SOAR: the app's JSON fits our transcription of Splunk's rules", async (t) => {
  const app = readJson(`${APP}/cloudtrail_commands.json`)
  checkSchema(t, 'splunk-app', app)
  for (const file of [app.logo, app.logo_dark, app.main_module, '__init__.py', 'README.md']) {
    t.ok(existsSync(`${APP}/${file}`), file)
  }
  t.ok(existsSync(`${APP}/release_notes/${app.app_version}.md`))
  const identifiers = app.actions.map(({ identifier }: any) => identifier)
  t.equal(new Set(identifiers).size, COMMANDS.length + 1, 'an action for each command')
  for (const { action, parameters, output } of app.actions.slice(1)) {
    const paths = output.map(({ data_path }: any) => data_path)
    t.equal(new Set(paths).size, paths.length, `${action}: no data path twice`)
    const orders = Object.values<any>(parameters).map(({ order }) => order)
    t.strictSame(orders, [...orders.keys()], `${action}: parameters are in order`)
    for (const [name, { contains }] of Object.entries<any>(parameters)) {
      const path = output.find((one: any) => one.data_path === `action_result.parameter.${name}`)
      t.strictSame(path?.contains, contains, `${action} ${name}`)
    }
    const columns = output.flatMap(({ column_order }: any) => column_order ?? []).sort()
    t.strictSame(columns, [...columns.keys()], `${action}: columns are in order`)
    for (const path of ['action_result.status', 'action_result.message', 'summary.total_objects']) {
      t.ok(paths.includes(path), `${action} ${path}`)
    }
  }
})

t.test('Splunk SOAR: describe trails and run query are as in AWS CloudTrail', async (t) => {
  const app = readJson(`${APP}/cloudtrail_commands.json`)
  for (const [name, official] of Object.entries<any>(OFFICIAL.splunk.actions)) {
    const action = app.actions.find((one: any) => one.action === name)
    t.equal(action.identifier, official.identifier)
    for (const parameter of official.parameters) t.ok(parameter in action.parameters, parameter)
    for (const [parameter, { required }] of Object.entries<any>(action.parameters)) {
      t.notOk(required, `${name}: ${parameter} is optional there`)
    }
    const paths = action.output.map(({ data_path }: any) => data_path)
    for (const path of official.outputs) t.ok(paths.includes(path), path)
    const columns = action.output
      .filter(({ column_name }: any) => column_name)
      .sort((a: any, b: any) => a.column_order - b.column_order)
    t.strictSame(
      columns.map(({ column_name }: any) => column_name),
      official.columns,
    )
  }
})

t.test("D3 SOAR: the document's parameters come first, by their names, in order", async (t) => {
  const reference = readFileSync('connectors/d3/COMMANDS.md', 'utf8')
  for (const [name, parameters] of Object.entries<string[]>(OFFICIAL.d3.parameters)) {
    const { title } = COMMANDS.find((one) => one.name === name)!
    const [, section = ''] = reference.split(`## ${title}\n`)
    const rows = (section.split('\n## ')[0] ?? '')
      .split('\n')
      .filter((line) => /^\| [A-Z]/.test(line))
    const shown = rows.map((row) => row.split(' | ')[0]?.slice(2))
    t.strictSame(shown.slice(0, parameters.length), parameters, title)
  }
})

const TEMPLATES = 'connectors/tracecat/templates/tools/cloudtrail_commands'

t.test("Tracecat: each template fits our transcription of Tracecat's rules", async (t) => {
  const files = readdirSync(TEMPLATES)
  t.equal(files.length, COMMANDS.length + 1, 'a template for each command')
  for (const file of files) {
    const text = readFileSync(`${TEMPLATES}/${file}`, 'utf8')
    const template = parse(text)
    checkSchema(t, 'tracecat-template', template)
    const { name, expects, secrets, steps } = template.definition
    t.equal(file, `${name}.yml`)
    const known = new Set<string>([
      ...Object.keys(expects).map((input) => `inputs.${input}`),
      ...secrets.flatMap((one: any) => one.keys.map((key: string) => `SECRETS.${one.name}.${key}`)),
      'FN.uuid4()',
    ])
    for (const { ref, args } of steps) {
      for (const [, expression = ''] of JSON.stringify(args).matchAll(/\$\{\{ (.*?) \}\}/g)) {
        const root = expression.replace(/^(steps\.\w+)\..*/, '$1')
        t.ok(known.has(root), `${file}: ${expression}`)
      }
      t.notOk(known.has(`steps.${ref}`), `${file}: ${ref} is there once`)
      known.add(`steps.${ref}`)
    }
  }
})

t.test(
  "Power Platform: apiProperties.json fits our transcription of Microsoft's schema",
  async (t) => {
    const { properties } = readJson('connectors/openapi/apiProperties.json')
    checkSchema(t, 'api-properties', { properties })
    const used = JSON.stringify(properties.policyTemplateInstances).matchAll(
      /connectionParameters\('(\w+)'\)/g,
    )
    t.strictSame(
      [...used].map(([, name]) => name).sort(),
      Object.keys(properties.connectionParameters).sort(),
    )
    t.equal(properties.connectionParameters.api_key.type, 'securestring')
  },
)

t.test('n8n: the example workflow names operations and required fields of the node', async (t) => {
  const { nodes, connections } = readJson('connectors/n8n/example-workflow.json')
  const names = nodes.map(({ name }: any) => name)
  for (const [from, { main }] of Object.entries<any>(connections)) {
    t.ok(names.includes(from) && names.includes(main[0][0].node), from)
  }
  const own = nodes.filter(
    ({ type }: any) => type === 'n8n-nodes-cloudtrail-commands.cloudTrailCommands',
  )
  t.equal(own.length, 3)
  for (const { parameters } of own) {
    const command = COMMANDS.find(({ name }) => name === parameters.operation)!
    for (const { name, isRequired } of command.arguments) {
      t.equal(name in parameters, isRequired, `${parameters.operation} ${name}`)
    }
  }
})
