import { stringify } from 'yaml'
import {
  awsName,
  COMMANDS,
  fieldKinds,
  type Argument,
  type ConnectorCommand,
} from './command-model.js'
import { markdownTable } from './markdown.js'
import { inline, pythonTable } from './python.js'
import {
  contextPath,
  isOfficial,
  isRequiredInXsoar,
  xsoarArgument,
  xsoarName,
} from './xsoar-names.js'

/** Id, name and brand of the integration: playbook tasks name it. */
export const BRAND = 'CloudTrail Commands'

/** The version of the pack; its release notes have a file for each. */
export const PACK_VERSION = '1.0.0'

/** What the generator reads: the shared Python modules, the integration's own code, its description and its image. */
export interface XsoarSources {
  modules: Record<string, string>
  integration: string
  description: string
  /** PNG, 120 by 50 pixels. */
  image: Buffer
}

/** A parameter of an instance of the integration. Types: 0 text, 8 checkbox, 9 credentials, 12 long text. */
const CONFIGURATION = [
  {
    display: 'Server URL',
    name: 'url',
    type: 0,
    required: true,
    additionalinfo:
      'Of the service CloudTrail commands, for example https://cloudtrail-commands.example.com. Not the URL of AWS.',
  },
  {
    display: '',
    displaypassword: 'API key',
    name: 'credentials',
    type: 9,
    hiddenusername: true,
    required: false,
    additionalinfo: 'An API key of the service: ctk_ and 43 more characters. Not a key of AWS.',
  },
  {
    display: 'Connection',
    name: 'connection',
    type: 0,
    required: false,
    additionalinfo:
      'Name of the AWS connection, configured at the service, that commands use. Left out: the one named default.',
  },
  {
    display: 'Connections by role',
    name: 'role_connections',
    type: 12,
    required: false,
    additionalinfo:
      'For playbooks that pass roleArn: lines of roleArn=connection, which say what connection of the service has which role.',
  },
  { display: 'Trust any certificate (not secure)', name: 'insecure', type: 8, required: false },
  { display: 'Use system proxy settings', name: 'proxy', type: 8, required: false },
]

/** Arguments of the official integration's commands that are no fields of ours. */
const OFFICIAL_ARGUMENTS = [
  {
    name: 'region',
    description:
      'The AWS region. Left out: the region of the connection, or of the trail where its ARN is given.',
  },
  {
    name: 'roleArn',
    description:
      'The ARN of the role to run as. The setting Connections by role says which connection has it.',
  },
  {
    name: 'roleSessionName',
    description: 'Not used: the service names the sessions of its connections.',
    deprecated: true,
  },
  {
    name: 'roleSessionDuration',
    description: 'Not used: the service renews the sessions of its connections.',
    deprecated: true,
  },
]

function argumentOf(command: ConnectorCommand, argument: Argument) {
  const { name, kind, description, options } = argument
  const predefined = kind === 'boolean' ? ['True', 'False'] : options
  const hint = {
    json: ' As JSON.',
    list: ' Comma separated, or a JSON list.',
    text: '',
    choice: '',
    boolean: '',
    number: '',
  }[kind]
  return {
    name: xsoarArgument(command, name),
    description:
      description +
      hint +
      (argument.isNullable ? ' The word null clears it.' : '') +
      // the integration reads what the trail has
      (argument.isRequired && !isRequiredInXsoar(command, name)
        ? ' Left out: stays as it is.'
        : ''),
    ...(argument.isRequired && isRequiredInXsoar(command, name) && { required: true }),
    ...(kind === 'list' && { isArray: true }),
    ...(predefined.length > 0 && { auto: 'PREDEFINED', predefined }),
    ...(kind === 'number' &&
      argument.default !== undefined && { defaultValue: `${argument.default}` }),
  }
}

function argumentsOf(command: ConnectorCommand) {
  const own = command.arguments.map((argument) => argumentOf(command, argument))
  const names = new Set(own.map(({ name }) => name))
  const official = isOfficial(command)
    ? [
        ...OFFICIAL_ARGUMENTS,
        ...(command.name === 'get-trail-status'
          ? [{ name: 'trailNameList', description: 'More names of trails.', isArray: true }]
          : []),
      ].filter(({ name }) => !names.has(name))
    : []
  const hidden = { name: 'job', description: 'The job of a command that still runs.', hidden: true }
  return [...own, ...official, hidden]
}

/** The context of an event, as the official integration has it, and what else helps. */
const EVENT_OUTPUTS: [string, string, string][] = [
  ['ResourceName', 'string', 'Name of the first resource.'],
  ['ResourceType', 'string', 'Type of the first resource.'],
  ['CloudTrailEvent', 'string', 'The event as JSON text.'],
  ['ErrorCode', 'string', 'The error with which AWS refused the call, for example AccessDenied.'],
  ['SourceIPAddress', 'string', 'Where the call came from.'],
  ['AwsRegion', 'string', 'The region of the call.'],
]

const LAST_RUN: [string, string, string][] = [
  ['Command', 'string', 'The command of the service.'],
  ['ReturnData', 'string', 'Successful, Partially Successful or Failed.'],
  ['RequestId', 'string', 'Id of the request, for the log and the audit log of the service.'],
  ['NextToken', 'string', 'Lookup Events continues with this as nextToken.'],
  ['Errors.Input', 'string', 'The input that failed.'],
  ['Errors.Code', 'string', 'Error code of AWS or of the service.'],
  ['Errors.Message', 'string', 'The message.'],
  ['Errors.Hint', 'string', 'What to do about it.'],
  ['Errors.Retryable', 'boolean', 'Whether the same may succeed when it is run again.'],
]

function outputsOf(command: ConnectorCommand) {
  const path = contextPath(command)
  const events = command.name === 'lookup-events' ? EVENT_OUTPUTS : []
  const special = new Set(events.map(([name]) => name))
  const own = command.outputs
    .map((output) => ({ ...output, name: awsName(output.path.replaceAll('[]', '')) }))
    .filter(({ name }) => !special.has(name))
    .map(({ name, type, description }) => ({
      contextPath: `AWS.CloudTrail.${path}.${name}`,
      description,
      type: name.endsWith('Time') ? 'date' : type,
    }))
  const more = [...events, ['Region', 'string', 'The region of the row.']].map(
    ([name = '', type, description]) => ({
      contextPath: `AWS.CloudTrail.${path}.${name}`,
      description,
      type,
    }),
  )
  const lastRun = LAST_RUN.map(([name, type, description]) => ({
    contextPath: `AWS.CloudTrail.LastRun.${name}`,
    description,
    type,
  }))
  return [...(path === '' ? [] : [...own, ...more]), ...lastRun]
}

/** The columns of the table in the war room: what has no parts, and few of it. */
function columnsOf(command: ConnectorCommand): string[] {
  if (command.name === 'lookup-events') {
    return [
      'EventTime',
      'EventName',
      'Username',
      'ResourceName',
      'SourceIPAddress',
      'ErrorCode',
      'EventId',
    ]
  }
  const names = command.outputs.map(({ path }) => awsName(path.replace(/[[.].*/, '')))
  return [...new Set(['Name', ...names])].slice(0, 8).concat('Region')
}

/** The table by which the integration's code works. */
function commandTable(): string {
  const entries = COMMANDS.map((command) => {
    const trailArn = command.outputs.find(({ path }) => path === 'trailArn')
    const isWithArn = trailArn !== undefined && !trailArn.description.includes('when it was given')
    return [
      xsoarName(command),
      {
        command: command.name,
        title: command.title,
        quota: command.quota,
        path: contextPath(command),
        key: command.name === 'lookup-events' ? 'EventId' : isWithArn ? 'TrailARN' : 'Name',
        columns: columnsOf(command),
        needsBucket:
          command.name === 'update-trails' &&
          command.arguments.some(({ name, isRequired }) => name === 's3BucketName' && isRequired),
        arguments: Object.fromEntries(
          command.arguments.map(({ name }) => [name, xsoarArgument(command, name)]),
        ),
        fields: fieldKinds(command),
      },
    ] as const
  })
  return pythonTable('COMMANDS', Object.fromEntries(entries))
}

function integration(): Record<string, unknown> {
  return {
    commonfields: { id: BRAND, version: -1 },
    name: BRAND,
    display: BRAND,
    category: 'IT Services',
    description:
      'AWS CloudTrail by the service CloudTrail commands: quotas kept, several trails at once, every outcome in one form. Replaces AWS - CloudTrail.',
    configuration: CONFIGURATION,
    script: {
      type: 'python',
      subtype: 'python3',
      dockerimage: 'demisto/python3:3.12.12.6947692',
      runonce: false,
      script: '',
      commands: COMMANDS.map((command) => ({
        name: xsoarName(command),
        description: command.description,
        ...(command.scope === 'write' && { execution: true }),
        polling: true,
        arguments: argumentsOf(command),
        outputs: outputsOf(command),
      })),
    },
    fromversion: '6.8.0',
    tests: ['No tests'],
  }
}

const yaml = (value: unknown) => stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 })

/** The files of the pack, and the unified YAML, by their path below connectors/xsoar. */
export function xsoarFiles(sources: XsoarSources): Record<string, string> {
  const code = inline(sources.integration, sources.modules, { commands: commandTable() })
  const declared = integration()
  const unified = {
    ...declared,
    image: `data:image/png;base64,${sources.image.toString('base64')}`,
    detaileddescription: sources.description,
    script: { ...(declared.script as object), script: code },
  }
  const own = 'CloudTrailCommands/Integrations/CloudTrailCommands'
  return {
    'integration-CloudTrailCommands.yml': yaml(unified),
    [`${own}/CloudTrailCommands.py`]: code,
    [`${own}/CloudTrailCommands.yml`]: yaml(declared),
    [`${own}/CloudTrailCommands_description.md`]: sources.description,
    [`${own}/README.md`]: readme(),
    'CloudTrailCommands/pack_metadata.json': `${JSON.stringify(METADATA, null, 4)}\n`,
  }
}

const METADATA = {
  name: BRAND,
  description:
    'AWS CloudTrail commands by a service that keeps the quotas: create, change, start and stop trails, read their status and selectors, search the event history.',
  support: 'community',
  currentVersion: PACK_VERSION,
  author: 'CloudTrail commands',
  url: '',
  email: '',
  created: '2026-11-25T00:00:00Z',
  categories: ['Cloud Services'],
  tags: [],
  useCases: [],
  keywords: ['AWS', 'CloudTrail', 'audit'],
  marketplaces: ['xsoar', 'marketplacev2'],
}

/** The reference of the commands. */
function readme(): string {
  const sections = COMMANDS.map((command) => {
    const args = argumentsOf(command).filter((argument) => !('hidden' in argument))
    return `### ${xsoarName(command)}

${command.description}

${markdownTable(
  ['argument', 'required', 'description'],
  args.map((argument) => [
    argument.name,
    'required' in argument && argument.required ? 'yes' : '',
    argument.description,
  ]),
)}
${markdownTable(
  ['context path', 'type', 'description'],
  outputsOf(command).map(({ contextPath, type, description }) => [
    contextPath,
    type ?? '',
    description ?? '',
  ]),
)}`
  })
  return `# ${BRAND}

Runs the commands of the service CloudTrail commands. How to install and connect it, long commands, errors, and how to
switch a playbook from AWS - CloudTrail: docs/connectors/xsoar.md of the service's repository.

## Commands

${sections.join('\n')}`
}
