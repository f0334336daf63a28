import { COMMANDS, fieldKinds, type Argument, type ConnectorCommand } from './command-model.js'
import { markdownTable } from './markdown.js'
import { inline, pythonTable } from './python.js'

/** The parameters of D3's own document, in its order; ours that it does not have come after them. */
const DOCUMENT: Record<string, string[]> = {
  'create-trails': ['trailNames', 's3BucketName'],
  'lookup-events': ['attributeKey', 'attributeValue'],
  'put-event-selectors': [
    'trailNames',
    'readWriteType',
    'includeManagementEvents',
    'dataEventsS3',
    'dataEventsLambda',
  ],
  'put-insight-selectors': ['trailNames', 'insightTypes'],
  'remove-tags': ['trailArn', 'tagKeys'],
  'update-trails': [
    'trailNames',
    's3BucketName',
    'includeGlobalServiceEvents',
    'applyTrailToAllRegions',
    'organizationTrail',
    'enableLogFileValidation',
  ],
}

/** D3's display names, where they are not the field's own words. */
const DISPLAY: Record<string, string> = {
  insightTypes: 'Insight Type',
  tagKeys: 'Tag Key',
  trailArn: 'Trail ARN',
  trailArns: 'Trail ARNs',
  applyTrailToAllRegions: 'Apply Trail to All Regions',
}

function displayName(field: string): string {
  const words = field.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
  return DISPLAY[field] ?? words.charAt(0).toUpperCase() + words.slice(1)
}

/** D3 writes the names of parameters in lower case. */
const parameterName = (field: string) => field.toLowerCase()

/** `create-trails` is `CreateTrails`, as `TestConnection`. */
const functionName = ({ title }: ConnectorCommand) => title.replaceAll(' ', '')

function parametersOf(command: ConnectorCommand): Argument[] {
  const first = DOCUMENT[command.name] ?? []
  const rank = ({ name }: Argument) =>
    first.includes(name) ? first.indexOf(name) : first.length + (name === 'trailNames' ? 0 : 1)
  return [...command.arguments].sort((a, b) => rank(a) - rank(b))
}

function functionOf(command: ConnectorCommand): string {
  const parameters = parametersOf(command)
  const signature = parameters.map(({ name }) => `${parameterName(name)}=None`).join(', ')
  const values = parameters
    .map(({ name }) => `${JSON.stringify(name)}: ${parameterName(name)}`)
    .join(', ')
  return `def ${functionName(command)}(${signature}):
    """${command.description}"""
    return run_command(${JSON.stringify(command.name)}, {${values}})
`
}

const TEST_CONNECTION = { title: 'Test Connection', quota: 'read', fields: {} }

function commandTable(): string {
  const entries = COMMANDS.map((command) => {
    const { name, title, quota } = command
    return [name, { title, quota, fields: fieldKinds(command) }]
  })
  return pythonTable('COMMANDS', {
    'test-connection': TEST_CONNECTION,
    ...(Object.fromEntries(entries) as object),
  })
}

/** What a person sets for a parameter, in D3's words. */
const INPUTS: Record<Argument['kind'], string> = {
  text: 'Text',
  boolean: 'True or False',
  number: 'Number',
  list: 'JSON list',
  json: 'JSON',
  choice: 'One of',
}

function tableOf(command: ConnectorCommand): string {
  const own = DOCUMENT[command.name] ?? ['trailNames', 'trailArns']
  return markdownTable(
    ['display name', 'parameter', 'input', 'required', 'of the document', 'description'],
    parametersOf(command).map((argument) => {
      const { name, kind, options, isRequired, description } = argument
      return [
        displayName(name),
        parameterName(name),
        `${INPUTS[kind]}${options.length > 0 ? `: ${options.join(', ')}` : ''}`,
        isRequired ? 'yes' : '',
        own.includes(name) ? 'yes' : '',
        description + (argument.isNullable ? ' The word null clears it.' : ''),
      ]
    }),
  )
}

/** The script and the table of commands, by their path below connectors/d3. */
export function d3Files(
  modules: Record<string, string>,
  integration: string,
): Record<string, string> {
  const script = inline(integration, modules, {
    commands: commandTable(),
    functions: COMMANDS.map(functionOf).join('\n\n'),
  })
  const sections = COMMANDS.map(
    (command) => `## ${command.title}

Internal name: \`${functionName(command)}\`. ${command.description} IAM actions: ${command.iamActions.join(', ')}.

${tableOf(command)}`,
  )
  const reference = `# Commands of the D3 integration

Parameters are positional: create them in this order. How to set up the integration, and how to connect it:
docs/connectors/d3.md of the service's repository. A parameter that the column "of the document" does not mark goes beyond D3's own integration,
and may be left out, together with all that follow it.

${sections.join('\n')}`
  return { 'cloudtrail_commands_d3.py': script, 'COMMANDS.md': reference }
}
