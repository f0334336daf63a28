import {
  awsName,
  COMMANDS,
  fieldKinds,
  type Argument,
  type ConnectorCommand,
} from './command-model.js'
import { markdownTable } from './markdown.js'
import { pythonTable } from './python.js'
import { eventOutputs } from './splunk-events.js'

/** The version of the app; release_notes has a file for each. */
export const APP_VERSION = '1.0.0'

/** What the official app AWS CloudTrail calls Lookup Events and its fields. */
const RUN_QUERY: Record<string, string> = {
  startTime: 'start_date',
  endTime: 'end_date',
  limit: 'max_results',
}

const isQuery = ({ name }: ConnectorCommand) => name === 'lookup-events'

/** The two actions that the official app has, which playbooks keep. */
const isOfficial = (command: ConnectorCommand) =>
  isQuery(command) || command.name === 'describe-trails'

const actionName = (command: ConnectorCommand) =>
  isQuery(command) ? 'run query' : command.name.replaceAll('-', ' ')

const identifierOf = (command: ConnectorCommand) => actionName(command).replaceAll(' ', '_')

function parameterName(command: ConnectorCommand, field: string): string {
  const snake = field.replaceAll(/[A-Z]+/g, (capitals) => `_${capitals.toLowerCase()}`)
  return (isQuery(command) ? RUN_QUERY[field] : undefined) ?? snake
}

/** Keys of a role that the AWS STS app assumed: the official app takes them. */
const CREDENTIALS = {
  description:
    'Credentials of an assume role action of the AWS STS app. Left out: the connection of the asset',
  data_type: 'password',
  contains: ['aws credentials'],
}

function parameterOf(argument: Argument, order: number): object {
  const { name, kind, description, isRequired, options } = argument
  // an unticked checkbox says false: only where that is the default may a flag be one
  const isCheckbox = name === 'dryRun' || name === 'includeShadowTrails'
  const values = kind === 'boolean' && !isCheckbox ? ['true', 'false'] : options
  const note = { json: '. As JSON', list: '. Comma separated, or a JSON list' }
  const isArn = name === 'trailArn' || name === 'trailArns'
  const isTrail = isArn || name === 'trailNames'
  const defaults: Record<string, unknown> = { dryRun: false, includeShadowTrails: true, limit: 50 }
  return {
    description:
      description.replace(/\.$/, '') +
      (kind === 'json' || kind === 'list' ? note[kind] : '') +
      (argument.isNullable ? '. The word null clears it' : ''),
    data_type: isCheckbox ? 'boolean' : kind === 'number' ? 'numeric' : 'string',
    ...(isRequired && { required: true }),
    ...(kind === 'list' && { allow_list: true }),
    ...(values.length > 0 && { value_list: values }),
    ...(name in defaults && { default: defaults[name] }),
    ...(isTrail && { primary: true, contains: isArn ? ['aws arn'] : TRAIL_NAME }),
    order,
  }
}

/** What is a trail's name: contextual actions find it. */
const TRAIL_NAME = ['aws arn', 'aws cloudtrail trail']

function parametersOf(command: ConnectorCommand): Record<string, object> {
  const own: [string, object][] = command.arguments.map((argument, order) => [
    parameterName(command, argument.name),
    parameterOf(argument, order),
  ])
  if (isOfficial(command)) own.push(['credentials', { ...CREDENTIALS, order: own.length }])
  return Object.fromEntries(own)
}

/** The columns of the official app's tables. */
const COLUMNS: Record<string, string[]> = {
  'describe-trails': ['Name', 'IsMultiRegionTrail', 'S3BucketName', 'HomeRegion'],
  'list-trails': ['Name', 'HomeRegion', 'TrailARN'],
}
const COLUMN_NAMES: Record<string, string> = {
  Name: 'Trail Name',
  IsMultiRegionTrail: 'Is Multi Region',
  S3BucketName: 'S3 Bucket',
  HomeRegion: 'Home Region',
  TrailARN: 'Trail ARN',
}

function dataOutputs(command: ConnectorCommand): object[] {
  if (isQuery(command)) return eventOutputs()
  const columns = COLUMNS[command.name] ?? []
  const own = command.outputs.map(({ path, type }) => ({ name: awsName(path), type }))
  return [...own, { name: 'Region', type: 'string' as const }].map(({ name, type }) => {
    const order = columns.indexOf(name)
    const path = name.replaceAll('[]', '.*')
    const contains = /ARN$|Arn$/.test(name) ? ['aws arn'] : name === 'Name' ? TRAIL_NAME : []
    return {
      data_path: `action_result.data.*.${path}`,
      data_type: type === 'number' ? 'numeric' : type === 'unknown' ? 'string' : type,
      ...(order >= 0 && { column_name: COLUMN_NAMES[name], column_order: order }),
      ...(contains.length > 0 && { contains }),
    }
  })
}

const SUMMARY: [string, string][] = [
  ['return_data', 'string'],
  ['request_id', 'string'],
  ['total_successful', 'numeric'],
  ['total_failed', 'numeric'],
  ['next_token', 'string'],
  ['failures.*.input', 'string'],
  ['failures.*.code', 'string'],
  ['failures.*.message', 'string'],
  ['failures.*.hint', 'string'],
]

function outputsOf(command: ConnectorCommand, parameters: Record<string, object>): object[] {
  const official: [string, string][] = isQuery(command)
    ? [['total_lookup_events', 'numeric']]
    : command.name === 'describe-trails'
      ? [['message', 'string']]
      : []
  return [
    {
      data_path: 'action_result.status',
      data_type: 'string',
      example_values: ['success', 'failed'],
    },
    ...Object.entries(parameters).map(([name, parameter]) => {
      const { data_type, contains } = parameter as { data_type: string; contains?: string[] }
      return {
        data_path: `action_result.parameter.${name}`,
        data_type,
        ...(contains && { contains }),
      }
    }),
    ...dataOutputs(command),
    ...[...SUMMARY, ...official].map(([name, data_type]) => ({
      data_path: `action_result.summary.${name}`,
      data_type,
    })),
    { data_path: 'action_result.message', data_type: 'string' },
    { data_path: 'summary.total_objects', data_type: 'numeric', example_values: [1] },
    { data_path: 'summary.total_objects_successful', data_type: 'numeric', example_values: [1] },
  ]
}

function actionOf(command: ConnectorCommand): object {
  const parameters = parametersOf(command)
  const isTable = isQuery(command) || command.name in COLUMNS
  return {
    action: actionName(command),
    identifier: identifierOf(command),
    // Splunk's rules have no full stop here
    description: command.description.replace(/\.$/, ''),
    type: command.scope === 'write' ? 'generic' : 'investigate',
    read_only: command.scope === 'read',
    parameters,
    output: outputsOf(command, parameters),
    render: isTable
      ? { type: 'table' }
      : {
          type: 'custom',
          width: 12,
          height: 5,
          title: command.title,
          view: 'cloudtrail_commands_view.display_rows',
        },
    versions: 'EQ(*)',
  }
}

const TEST_CONNECTIVITY = {
  action: 'test connectivity',
  identifier: 'test_connectivity',
  description:
    'Validate the asset: the URL and the API key of the service, and the keys of its AWS connection',
  type: 'test',
  read_only: true,
  parameters: {},
  output: [],
  versions: 'EQ(*)',
}

const CONFIGURATION = {
  server_url: {
    description: 'URL of the service CloudTrail commands, not of AWS',
    data_type: 'string',
    required: true,
    order: 0,
  },
  api_key: {
    description: 'API key of the service: ctk_ and 43 more characters, not a key of AWS',
    data_type: 'password',
    order: 1,
  },
  connection: {
    description: 'Name of the AWS connection at the service (left out: default)',
    data_type: 'string',
    order: 2,
  },
  verify_server_cert: {
    description: "Verify the service's certificate",
    data_type: 'boolean',
    default: true,
    order: 3,
  },
  aws_server_url: {
    description: 'CloudTrail endpoint for actions that are given credentials of an assumed role',
    data_type: 'string',
    default: 'https://cloudtrail.us-east-1.amazonaws.com',
    order: 4,
  },
}

function appJson(): object {
  return {
    appid: '6a3f0c7e-9d0b-4d59-8a5f-1f6f7b0f6f2c',
    name: 'CloudTrail Commands',
    description:
      'AWS CloudTrail by the service CloudTrail commands: create, change, start and stop trails, read their status and selectors, search the event history',
    type: 'generic',
    product_vendor: 'AWS',
    product_name: 'CloudTrail',
    product_version_regex: '.*',
    publisher: 'CloudTrail commands',
    contributors: [],
    license: 'Apache-2.0',
    logo: 'logo_cloudtrail_commands.svg',
    logo_dark: 'logo_cloudtrail_commands_dark.svg',
    package_name: 'phantom_cloudtrail_commands',
    main_module: 'cloudtrail_commands_connector.py',
    app_version: APP_VERSION,
    utctime_updated: '2026-11-25T00:00:00.000000Z',
    python_version: '3.9, 3.13',
    min_phantom_version: '6.3.0',
    fips_compliant: true,
    app_wizard_version: '1.0.0',
    configuration: CONFIGURATION,
    actions: [TEST_CONNECTIVITY, ...COMMANDS.map(actionOf)],
  }
}

/** The files of the app that follow from the catalogue, by their path below connectors/splunk-soar. */
export function splunkFiles(modules: Record<string, string>): Record<string, string> {
  const actions = COMMANDS.map((command) => [
    identifierOf(command),
    {
      command: command.name,
      quota: command.quota,
      parameters: Object.fromEntries(
        command.arguments.map(({ name }) => [name, parameterName(command, name)]),
      ),
      fields: fieldKinds(command),
    },
  ])
  const files = {
    'cloudtrail_commands.json': `${JSON.stringify(appJson(), null, 4)}\n`,
    'cloudtrail_commands_actions.py': `"""The actions, from the catalogue of commands. Written by npm run openapi."""\n${pythonTable('ACTIONS', Object.fromEntries(actions) as object)}`,
    'README.md': readme(),
    ...Object.fromEntries(Object.entries(modules).map(([name, code]) => [`${name}.py`, code])),
  }
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [`cloudtrail_commands/${name}`, text]),
  )
}

function readme(): string {
  const sections = COMMANDS.map((command) => {
    const parameters = Object.entries(parametersOf(command)) as [
      string,
      { required?: true; data_type: string; description: string },
    ][]
    return `### ${actionName(command)}

${command.description}

${markdownTable(
  ['parameter', 'required', 'type', 'description'],
  parameters.map(([name, { required, data_type, description }]) => [
    name,
    required ? 'yes' : '',
    data_type,
    description,
  ]),
)}`
  })
  return `# CloudTrail Commands

App for Splunk SOAR 6.3 or later. How to install and connect it, long commands, errors, and how to switch playbooks from the
app AWS CloudTrail: docs/connectors/splunk-soar.md of the service's repository.

## Actions

### test connectivity

${TEST_CONNECTIVITY.description}

${sections.join('\n')}`
}
