import { ConfigSchema } from '../src/config.js'

/** The sections of the reference; a variable stands in the first whose pattern fits it. */
const SECTIONS: readonly [title: string, names: RegExp][] = [
  ['Listening and logging', /^(HOST|PORT|PUBLIC_|LOG_|METRICS_|OTEL_)/],
  ['Who may call', /^(AUTH|API_KEYS|PROTECTED_|AUDIT_)/],
  ['The connection `default`', /^CLOUDTRAIL_/],
  ['Other connections', /^(CONNECTIONS_|INLINE_|ENDPOINT_)/],
  ['Quotas and time', /^(QUOTA_|QUEUE_|(MAX_)?DEADLINE_|AWS_)/],
  ['Replicas', /^(REDIS_|TOKEN_|IDEMPOTENCY_)/],
  ['The sandbox', /^SANDBOX/],
]

/** What JSON schema says of one variable, as far as the reference shows it. */
interface Variable {
  type?: string
  default?: string | number | boolean
  minimum?: number
  maximum?: number
  anyOf?: { const: string }[]
  description: string
}

/** docs/reference/configuration.md: every variable of the environment, from the schema by which it is read. */
export function configurationReference(): string {
  const variables = Object.entries(ConfigSchema.properties as Record<string, Variable>)
  const rest = new Map(variables)
  const sections = SECTIONS.map(([title, names]) => {
    const own = variables.filter(([name]) => names.test(name) && rest.delete(name))
    return `## ${title}\n\n${table(own)}`
  })
  /* c8 ignore next -- reports to whoever adds a variable what is missing */
  if (rest.size > 0) throw new Error(`SECTIONS needs a section for ${[...rest.keys()].join(', ')}`)
  return `# Configuration

The environment is the configuration. This page is written by \`npm run openapi\` from the schema by which the service
reads it ([src/config.ts](../../src/config.ts)); what is not here does nothing.

- An empty value counts as not set. Booleans are \`true\` and \`false\`.
- A value that breaks a rule stops the start: one line on standard error names every variable that breaks a rule, and the rule.
- Where a secret is better kept in a file, use \`CONNECTIONS_FILE\` ([connections](connections.md#connections_file)).

${sections.join('\n')}`
}

function table(variables: [string, Variable][]): string {
  const rows = variables.map(([name, variable]) => [
    `\`${name}\``,
    variable.default === undefined || variable.default === '' ? '' : `\`${variable.default}\``,
    valuesOf(variable),
    variable.description.replaceAll('|', '\\|'),
  ])
  const head = ['name', 'default', 'values', 'meaning']
  // padded as oxfmt pads tables, so that formatting the page changes nothing
  const widths = head.map((cell, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0), cell.length),
  )
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`
  return [head, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('')
}

function valuesOf({ type, anyOf, minimum, maximum }: Variable): string {
  if (anyOf) return anyOf.map((one) => `\`${one.const}\``).join(', ')
  if (type === 'boolean') return '`true`, `false`'
  if (minimum === undefined || maximum === undefined) return 'text'
  return `${type === 'integer' ? 'whole number, ' : ''}${minimum} to ${maximum}`
}
