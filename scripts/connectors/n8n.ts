import { COMMANDS, fieldKinds, type Argument, type ConnectorCommand } from './command-model.js'
import { markdownTable } from './markdown.js'

/** A property of n8n's node: what its form shows. */
type Property = Record<string, unknown>

type Command = Pick<
  ConnectorCommand,
  'name' | 'title' | 'description' | 'quota' | 'arguments' | 'iamActions'
>

const TEST_CONNECTION: Command = {
  name: 'test-connection',
  title: 'Test Connection',
  description: 'Checks the address and key of the service, and the credentials of its connection.',
  quota: 'read',
  arguments: [],
  iamActions: ['cloudtrail:DescribeTrails'],
}

const OPERATIONS: readonly Command[] = [...COMMANDS, TEST_CONNECTION]

/** n8n's resources, with the commands that belong to each. */
const RESOURCES: [title: string, name: string, commands: RegExp][] = [
  ['Connection', 'connection', /^test-connection$/],
  ['Event', 'event', /^lookup-events$/],
  ['Selector', 'selector', /-selectors$/],
  ['Tag', 'tag', /-tags$/],
  ['Trail', 'trail', /-trails$|-trail-status$|-logging$/],
]

const TYPES: Record<Argument['kind'], string> = {
  text: 'string',
  list: 'string',
  boolean: 'boolean',
  number: 'number',
  json: 'json',
  choice: 'options',
}

const EMPTY: Record<Argument['kind'], unknown> = {
  text: '',
  list: '',
  boolean: false,
  number: 0,
  json: '',
  choice: '',
}

/** `s3BucketName` is S3 Bucket Name. */
function displayName(field: string): string {
  const words = field.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** n8n shows a description without a full stop when it is one sentence. */
function oneSentence(text: string): string {
  return text.indexOf('.') === text.length - 1 ? text.slice(0, -1) : text
}

function property(argument: Argument): Property {
  const { name, kind, options, isNullable, default: given } = argument
  const notes = [
    kind === 'list' ? 'Several with commas, or a list.' : '',
    isNullable ? 'The word null clears it.' : '',
  ]
  const values = options.map((value) => ({ name: value, value }))
  return {
    displayName: displayName(name),
    name,
    type: TYPES[kind],
    ...(kind === 'choice' ? { options: values } : {}),
    default: given ?? (kind === 'choice' ? options[0] : EMPTY[kind]),
    description: oneSentence([argument.description, ...notes].filter(Boolean).join(' ')),
  }
}

function propertiesOf({ name, arguments: all }: Command): Property[] {
  const displayOptions = { show: { operation: [name] } }
  const required = all.filter(({ isRequired }) => isRequired)
  const optional = all.filter(({ isRequired }) => !isRequired)
  const collection = {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    displayOptions,
    options: optional.map(property).sort(byDisplayName),
  }
  return [
    ...required.map((argument) => ({ ...property(argument), required: true, displayOptions })),
    ...(optional.length > 0 ? [collection] : []),
  ]
}

const byDisplayName = (a: Property, b: Property) =>
  String(a.displayName).localeCompare(String(b.displayName), 'en')

function operations([, resource, commands]: (typeof RESOURCES)[number]): Property {
  const own = OPERATIONS.filter(({ name }) => commands.test(name))
  const options = own.map(({ name, title, description }) => ({
    name: title,
    value: name,
    action: title.charAt(0) + title.slice(1).toLowerCase(),
    description: oneSentence(description),
  }))
  options.sort((a, b) => a.name.localeCompare(b.name, 'en'))
  const [first] = options
  return {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    displayOptions: { show: { resource: [resource] } },
    options,
    default: resource === 'trail' ? 'get-trail-status' : first?.value,
  }
}

const RESOURCE: Property = {
  displayName: 'Resource',
  name: 'resource',
  type: 'options',
  noDataExpression: true,
  options: RESOURCES.map(([name, value]) => ({ name, value })),
  default: 'trail',
}

const OUTPUT: Property = {
  displayName: 'Output',
  name: 'output',
  type: 'options',
  options: [
    { name: 'Rows', value: 'rows', description: 'An item for each input or object found' },
    {
      name: 'Whole Response',
      value: 'response',
      description: "One item with the service's response: key fields, raw data, next token",
    },
  ],
  default: 'rows',
}

const literal = (value: unknown) => JSON.stringify(value, null, 2)

function commandsModule(): string {
  const entries = OPERATIONS.map((command) => {
    const required = command.arguments.filter(({ isRequired }) => isRequired)
    const fields = fieldKinds({ ...command, scope: 'read', outputs: [] })
    return [
      command.name,
      { quota: command.quota, required: required.map(({ name }) => name), fields },
    ]
  })
  const properties = [
    RESOURCE,
    ...RESOURCES.map(operations),
    ...OPERATIONS.flatMap(propertiesOf),
    OUTPUT,
  ]
  return `import type { INodeProperties } from 'n8n-workflow'
import type { Quota } from './client'
import type { Fields } from './form'

// Written by scripts/connectors from the catalogue of commands.

interface Command {
  quota: Quota
  required: string[]
  fields: Fields
}

export const COMMANDS: Record<string, Command> = ${literal(Object.fromEntries(entries))}

export const PROPERTIES: INodeProperties[] = ${literal(properties)}
`
}

function readme(): string {
  const rows = OPERATIONS.map(({ title, description, arguments: all }) => [
    title,
    description,
    all.map(({ name, isRequired }) => (isRequired ? `**${name}**` : name)).join(', '),
  ])
  return `# n8n-nodes-cloudtrail-commands

A node for [n8n](https://n8n.io): AWS CloudTrail commands, by a service that keeps CloudTrail's quotas. How to install and connect it, long
commands, errors and limits: docs/connectors/n8n.md of the service's repository. [example-workflow.json](example-workflow.json) finds trails
that do not log, and starts them again.

**Bold** fields are required; the others are under **Options**.

${markdownTable(['operation', 'description', 'fields'], rows)}`
}

/** The generated files, by their path below connectors/n8n. */
export function n8nFiles(): Record<string, string> {
  return {
    'nodes/CloudTrailCommands/commands.ts': commandsModule(),
    'README.md': readme(),
  }
}
