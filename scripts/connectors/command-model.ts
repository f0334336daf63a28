import type { TObject } from '@sinclair/typebox'
import { CATALOG } from '../../src/commands/catalog.js'
import type { CommandDefinition } from '../../src/commands/define-command.js'

/** How a platform's form takes a value: `list` is several texts, `json` anything that has parts. */
export type ArgumentKind = 'text' | 'boolean' | 'number' | 'list' | 'json' | 'choice'

/** A field of a command's body, as a form shows it. */
export interface Argument {
  /** The name in the body, for example `s3BucketName`. */
  name: string
  kind: ArgumentKind
  isRequired: boolean
  description: string
  /** The values of a choice. */
  options: string[]
  default: string | number | boolean | undefined
  example: unknown
  /** Whether null is a value of its own, which clears a setting. */
  isNullable: boolean
}

/** A member of a row's data; `path` is what stands between it and the row, for example `tags[].key`. */
export interface Output {
  path: string
  type: 'string' | 'boolean' | 'number' | 'unknown'
  description: string
}

/** A command as connectors offer it. */
export interface ConnectorCommand {
  name: string
  title: string
  description: string
  quota: CommandDefinition['apiClass']
  scope: CommandDefinition['scope']
  iamActions: string[]
  arguments: Argument[]
  outputs: Output[]
}

/** What a schema of the catalogue may hold, as far as connectors read it. */
interface Schema {
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  description?: string
  default?: unknown
  examples?: unknown[]
}

/** What form_value() of the Python client goes by: the kind of each field, and whether null clears it. */
export const fieldKinds = (command: ConnectorCommand): Record<string, [ArgumentKind, boolean]> =>
  Object.fromEntries(
    command.arguments.map(({ name, kind, isNullable }) => [name, [kind, isNullable]]),
  )

/** A connector names a connection of the service: keys of AWS are no argument of a playbook. */
const CONNECTION =
  'Name of the AWS connection at the service. Left out: that of the settings, or the one named default.'

/** Every command but Test Connection, which platforms have a place of its own for. */
export const COMMANDS: readonly ConnectorCommand[] = CATALOG.filter(
  ({ name }) => name !== 'test-connection',
).map(commandModel)

/** A command of the catalogue as connectors offer it. */
export function commandModel(command: CommandDefinition): ConnectorCommand {
  const { name, title, description, apiClass, scope, iamActions, body, data } = command
  return {
    name,
    title,
    description: plain(description),
    quota: apiClass,
    scope,
    iamActions,
    arguments: argumentsOf(body),
    outputs: outputsOf(data, ''),
  }
}

function argumentsOf(body: TObject): Argument[] {
  const required = new Set(body.required ?? [])
  const properties: Record<string, Schema> = body.properties
  return Object.entries(properties).map(([name, schema]) => {
    const { kind, options, isNullable } = kindOf(name, schema)
    const given = schema.default
    return {
      name,
      kind,
      isRequired: required.has(name),
      description: name === 'connection' ? CONNECTION : plain(schema.description ?? ''),
      options,
      default: ['string', 'number', 'boolean'].includes(typeof given)
        ? (given as Argument['default'])
        : undefined,
      example: schema.examples?.[0],
      isNullable,
    }
  })
}

/** The form of a field. A connector passes the name of a connection, never its keys. */
function kindOf(name: string, schema: Schema): Pick<Argument, 'kind' | 'options' | 'isNullable'> {
  if (name === 'connection') return { kind: 'text', options: [], isNullable: false }
  const branches = branchesOf(schema)
  const isNullable = branches.some(({ type }) => type === 'null')
  const values = branches.filter(({ type }) => type !== 'null')
  const options = values.flatMap(({ const: value, enum: all }) => all ?? value ?? []).map(String)
  const kind = options.length > 0 ? 'choice' : formOf(values)
  return { kind, options, isNullable }
}

/** The form of a value that may have these types; `regions`, a list or a word, is a list. */
function formOf(values: Schema[]): ArgumentKind {
  const types = new Set(values.flatMap(({ type }) => type ?? []))
  if (types.has('object')) return 'json'
  if (types.has('array')) {
    const lists = values.filter(({ type }) => type === 'array')
    return lists.every(({ items }) => items && isText(items)) ? 'list' : 'json'
  }
  if (types.has('boolean')) return 'boolean'
  return types.has('string') ? 'text' : 'number'
}

/** The alternatives of a schema, one type each. */
function branchesOf(schema: Schema): Schema[] {
  if (schema.anyOf) return schema.anyOf.flatMap(branchesOf)
  const types = [schema.type ?? (schema.properties ? 'object' : [])].flat()
  return types.length > 1 ? types.map((type) => ({ ...schema, type })) : [schema]
}

function isText(schema: Schema): boolean {
  return branchesOf(schema).every(({ type }) => type === 'string')
}

/** The members of a row, to the depth at which playbooks name them. */
function outputsOf(schema: Schema, path: string): Output[] {
  const of = (name: string) => (path === '' ? name : `${path}.${name}`)
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]): Output[] => {
    const [first = {}] = branchesOf(member)
    const description = plain(member.description ?? name)
    if (first.type === 'object' && first.properties) return outputsOf(first, of(name))
    if (first.type === 'array') {
      const [item = {}] = branchesOf(first.items ?? {})
      if (item.type === 'object' && item.properties) return outputsOf(item, `${of(name)}[]`)
      return [{ path: of(name), type: 'unknown', description }]
    }
    const types = { string: 'string', boolean: 'boolean', integer: 'number', number: 'number' }
    const type = types[first.type as keyof typeof types] as Output['type'] | undefined
    return [{ path: of(name), type: type ?? 'unknown', description }]
  })
}

/** A description as a form shows it: no Markdown, a capital letter first, as Splunk's rules have it. */
function plain(text: string): string {
  const words = text.replaceAll('`', '').replaceAll(/\s+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** `snsTopicArn` to the name that AWS uses: `SnsTopicARN`; as rows_of() of the Python client does. */
export function awsName(path: string): string {
  const special: Record<string, string> = { trailArn: 'TrailARN', snsTopicArn: 'SnsTopicARN' }
  return path
    .split('.')
    .map((name) => special[name] ?? name.charAt(0).toUpperCase() + name.slice(1))
    .join('.')
}
