import { CATALOG } from '../src/commands/catalog.js'
import type { CommandDefinition } from '../src/commands/define-command.js'
import type { IamPermission } from '../src/commands/iam-permissions.js'

/** A statement of an IAM policy. */
interface Statement {
  Sid: string
  Effect: 'Allow'
  Action: string[]
  Resource: string
  Condition?: Record<string, Record<string, string>>
}

/** An IAM policy. */
export interface IamPolicy {
  Version: '2012-10-17'
  Statement: Statement[]
}

/** The policy of one command: its own actions first, then a statement for each thing that only some requests need. */
export function commandPolicy({
  title,
  iamActions,
  iamPermissions = [],
}: CommandDefinition): IamPolicy {
  return policy([
    allow({ sid: title.replaceAll(' ', ''), actions: iamActions }),
    ...iamPermissions.map(allow),
  ])
}

/** The policy that allows every command of these scopes: a statement for each scope, then what only some requests need. */
export function scopesPolicy(scopes: readonly CommandDefinition['scope'][]): IamPolicy {
  const commands = CATALOG.filter(({ scope }) => scopes.includes(scope))
  const own = scopes.map((scope) =>
    allow({
      sid: scope === 'read' ? 'ReadCommands' : 'WriteCommands',
      actions: commands
        .filter((command) => command.scope === scope)
        .flatMap((command) => command.iamActions)
        .sort(),
    }),
  )
  const extra = new Set(commands.flatMap(({ iamPermissions = [] }) => iamPermissions))
  return policy([...own, ...[...extra].map(allow)])
}

/** The files of docs/iam, by their path. */
export function iamPolicyFiles(): Record<string, string> {
  const policies = {
    'all-commands': scopesPolicy(['read', 'write']),
    'read-commands': scopesPolicy(['read']),
    ...Object.fromEntries(CATALOG.map((command) => [command.name, commandPolicy(command)])),
  }
  const files = Object.entries(policies).map(([name, content]) => [
    `docs/iam/${name}.json`,
    `${JSON.stringify(content, null, 2)}\n`,
  ])
  return {
    ...(Object.fromEntries(files) as Record<string, string>),
    'docs/iam/README.md': permissionsPage(),
  }
}

function policy(statements: Statement[]): IamPolicy {
  return { Version: '2012-10-17', Statement: statements }
}

function allow({
  sid,
  actions,
  resource = '*',
  condition,
}: Pick<IamPermission, 'sid' | 'actions' | 'resource' | 'condition'>): Statement {
  return {
    Sid: sid,
    Effect: 'Allow',
    Action: [...new Set(actions)],
    Resource: resource,
    ...(condition && { Condition: condition }),
  }
}

/** docs/iam/README.md: the permissions of every command, and when each is needed. */
function permissionsPage(): string {
  const code = (actions: readonly string[]) => actions.map((action) => `\`${action}\``).join(', ')
  const rows = CATALOG.map(({ name, title, iamActions, iamPermissions = [] }) => {
    const extra = iamPermissions.map(({ sid }) => `[${sid}](#${sid.toLowerCase()})`).join(', ')
    return `| [${title}](${name}.json) | ${code(iamActions)} | ${extra} |\n`
  })
  const all = new Set(CATALOG.flatMap(({ iamPermissions = [] }) => iamPermissions))
  const sections = [...all].map(
    ({ sid, neededWhen, actions }) => `### ${sid}\n\n${neededWhen}\n\n${code(actions)}\n`,
  )
  return `# IAM permissions

The AWS permissions that the keys or the role of a connection need. Every command has a policy file here, whose first statement the
command always needs; the other statements are for some requests only, and can be left out. [all-commands.json](all-commands.json) allows
every command, [read-commands.json](read-commands.json) every command of the scope \`read\`. \`npm run openapi\` writes this folder from the
catalogue of commands.

| command and its policy | always needed | needed by some requests |
| --- | --- | --- |
${rows.join('')}
A connection with a role needs \`sts:AssumeRole\` on that role for its own keys
([use a role](../how-to/connect-aws-accounts.md#use-a-role)).

Narrow \`Resource\` to the ARNs of your trails where the action supports it, for example
\`arn:aws:cloudtrail:*:111122223333:trail/*\`. List Trails, Describe Trails and Lookup Events support \`*\` only.

## Permissions of some requests

${sections.join('\n')}`
}
