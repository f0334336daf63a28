import { CATALOG } from '../src/commands/catalog.js'
import { commandModel, type ArgumentKind } from './connectors/command-model.js'
import { markdownTable } from './connectors/markdown.js'

const TYPES: Record<ArgumentKind, string> = {
  text: 'string',
  boolean: 'boolean',
  number: 'number',
  list: 'list of strings',
  json: 'JSON',
  choice: 'one of',
}

/** docs/reference/commands.md: the fields, the rows and the permissions of every command. */
export function commandsReference(): string {
  const rows = CATALOG.map(({ name, title, apiClass, scope }) => [
    `[${title}](#${name})`,
    `\`${name}\``,
    scope,
    apiClass,
    `[policy](../iam/${name}.json)`,
  ])
  return `# Commands

\`POST /commands/<command>\` with a JSON body runs a command. \`GET /commands\` is this list as JSON, and \`GET /openapi.json\` has every schema.
\`npm run openapi\` writes this page from the catalogue of commands.

${markdownTable(['title', 'command', 'scope', 'quota class', 'IAM'], rows)}
- *scope*: what an API key needs ([control access](../how-to/control-access.md)).
- *quota class*: which of CloudTrail's quotas the command uses: 10 reads, 2 lookups, 1 write per second ([quota engine](../explanation/quota-engine.md)).
- *IAM*: the permissions that the keys of the connection need ([IAM permissions](../iam/README.md)).

The response is one [envelope](envelope.md) for every command; [error codes](errors.md) has what can fail. Unknown fields are refused.
Every command also takes \`connection\`: the name of a connection, or its fields ([connections](connections.md)).

${CATALOG.map(sectionOf).join('\n')}`
}

function sectionOf(command: (typeof CATALOG)[number]): string {
  const { arguments: fields, outputs } = commandModel(command)
  const body = Object.values(command.examples)[0]
  const example =
    body === undefined ? '' : `Example:\n\n\`\`\`json\n${JSON.stringify(body)}\n\`\`\`\n\n`
  const fieldRows = fields
    .filter(({ name }) => name !== 'connection')
    .map(({ name, kind, options, isRequired, isNullable, description }) => [
      `\`${name}\``,
      `${TYPES[kind]}${options.map((option) => ` \`${option}\``).join(',')}${isNullable ? ', or null' : ''}`,
      isRequired ? 'yes' : '',
      withoutTags(description),
    ])
  const dataRows = outputs.map(({ path, type, description }) => [
    `\`${path}\``,
    type === 'unknown' ? 'JSON' : type,
    withoutTags(description),
  ])
  return `## ${command.name}

${command.description}

${example}${fieldRows.length === 0 ? 'It has no fields of its own.\n' : markdownTable(['field', 'type', 'required', 'meaning'], fieldRows)}
${dataRows.length === 0 ? '' : `\`data\` of a row:\n\n${markdownTable(['member', 'type', 'meaning'], dataRows)}`}`
}

/** Markdown takes `<name>` for a tag. */
function withoutTags(text: string): string {
  return text.replaceAll('<', '&lt;')
}
