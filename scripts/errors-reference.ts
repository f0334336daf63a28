import { CATALOG } from '../src/commands/catalog.js'
import { operationOfAction } from '../src/aws/operations.js'
import { AWS_ERRORS, AWS_SYNONYMS, type AwsError } from '../src/envelope/aws-errors.js'
import { ERROR_CODES, type ErrorCode, type Retry } from '../src/envelope/error-codes.js'
import { NETWORK_ERRORS } from '../src/envelope/network-errors.js'
import { exceptionsOf } from './aws-exceptions.js'
import { markdownTable } from './connectors/markdown.js'

/** What the page has of every code, whatever its origin. */
interface Entry extends Pick<ErrorCode, 'meaning' | 'action'> {
  code: string
  /** HTTP status of the response. */
  status: number
  retry: Retry
  /** The delay that `Retry-After` gives, in milliseconds. */
  retryAfterMs?: number
  /** The commands that can return it; none: every one. */
  commands?: string[]
  /** Other spellings of the code. */
  synonyms?: string[]
}

const service: Entry[] = Object.entries<ErrorCode>(ERROR_CODES)
  .map(([code, entry]) => ({ code, ...entry }))
  .sort((one, other) => one.status - other.status)

const aws: Entry[] = Object.entries<AwsError>(AWS_ERRORS)
  .map(([code, entry]) => ({
    code,
    status: 400,
    retry: 'no' as const,
    ...entry,
    commands: commandsOf(code),
    synonyms: Object.keys(AWS_SYNONYMS).filter((name) => AWS_SYNONYMS[name] === code),
  }))
  .sort((one, other) => one.code.localeCompare(other.code))

const network: Entry[] = Object.entries(NETWORK_ERRORS).map(([code, entry]) => ({
  code,
  status: 502,
  ...entry,
}))

/** The commands one of whose operations declares an exception; none where every command can return it. */
function commandsOf(code: string): string[] {
  // the model declares it for some operations, and AWS throttles all
  if (code === 'ThrottlingException') return []
  const commands = CATALOG.filter(({ iamActions }) =>
    iamActions.some((action) => exceptionsOf(operationOfAction(action)).includes(code)),
  )
  return commands.length === CATALOG.length ? [] : commands.map(({ name }) => name)
}

/** docs/reference/errors.md: every code of `errors[].code`. */
export function errorsReference(): string {
  return `# Error codes

Every value of \`errors[].code\`, by its \`source\`. \`npm run openapi\` writes this page from the catalogues from which the service takes status,
\`retryable\` and \`hint\`: [error-codes.ts](../../src/envelope/error-codes.ts), [aws-errors.ts](../../src/envelope/aws-errors.ts) and
[network-errors.ts](../../src/envelope/network-errors.ts).

- [Errors of the service](#errors-of-the-service): ${service.length} codes, the enum \`ServiceErrorCode\` in OpenAPI.
- [Errors of AWS](#errors-of-aws): ${aws.length} codes, with the commands that can return them. AWS may add others.
- [Errors of the network](#errors-of-the-network): ${network.length} codes of Node.js for a connection that failed.

*Status* is the HTTP status of a response that fails with this error alone ([several errors](envelope.md#statuses)); \`errors[].statusCode\` has that of
the endpoint. *Retry* says whether the request may succeed when it is sent again:

- ${RETRY.no}: it fails again until somebody changes something. Where nothing was written, the corrected request may have the same
  [idempotency key](../connectors/write-your-own.md#sent-twice-done-once).
- ${RETRY['same-key']}: send it again later, after \`Retry-After\` where the response has it.
- ${RETRY['new-request']}: some inputs are done, or may be. After a write read the present state, then send the rest as a new
  request.
- ${RETRY['after-reading']}: *What to do* says which key a repeat has, and where it needs no reading.

\`meta.truncated.code\` is one of these codes, or \`LimitReached\`: there are more events than \`limit\`.

${indexOf(service)}
## Errors of the service

\`source\` is \`service\`, or \`aws\` where the endpoint returned something that CloudTrail does not return.

${service.map(sectionOf).join('\n')}
## Errors of AWS

\`source\` is \`aws\`, \`message\` is AWS's own. CloudTrail returns nearly every error with 400, whatever its API model says: an unknown trail, a missing
permission, rejected keys. STS, which is called for roles, returns some with 403. The response keeps 400, 403 and 409; other 4xx become 400,
5xx become 502. A throttle is 429, whether AWS returns it with 400 or 429. A code without a list of commands can come from every command.

The service checks some of AWS's rules itself, for example that of trail names. Such an error has AWS's code, \`source\` is \`service\`, \`field\` names
the field, and nothing was sent.

${indexByCommand()}
${aws.map(sectionOf).join('\n')}
## Errors of the network

\`source\` is \`network\`, \`statusCode\` is \`"N/A"\`. A code that is not listed is treated like \`ECONNRESET\`.

${network.map(sectionOf).join('\n')}`
}

const RETRY: Record<Retry, string> = {
  no: 'no',
  'same-key': 'yes, with the same `idempotency-key`',
  'new-request': 'the rest, with a new `idempotency-key`',
  'after-reading': 'after reading the present state, as the write may have been made',
}

/** The codes by status, with links. */
function indexOf(entries: Entry[]): string {
  const statuses = [...new Set(entries.map(({ status }) => status))]
  const rows = statuses.map((status) => [
    String(status),
    linksTo(entries.filter((entry) => entry.status === status)),
  ])
  return markdownTable(['status', 'codes of the service'], rows)
}

/** The codes of AWS that not every command can return, by command. */
function indexByCommand(): string {
  const rows = CATALOG.map(({ name }) => {
    const own = aws.filter(({ commands }) => commands?.includes(name))
    return [`\`${name}\``, linksTo(own)]
  })
  return markdownTable(['command', 'its own codes of AWS'], rows)
}

function linksTo(entries: Entry[]): string {
  return entries.map(({ code }) => `[\`${code}\`](#${code.toLowerCase()})`).join(', ')
}

function sectionOf({ code, status, meaning, commands = [], synonyms = [], ...entry }: Entry) {
  const { retry, retryAfterMs, action } = entry
  const wait = retryAfterMs === undefined ? '' : `, after ${retryAfterMs / 1000} s`
  const lines = [
    `Status: ${status}`,
    ...(commands.length === 0
      ? []
      : [`Commands: ${commands.map((name) => `\`${name}\``).join(', ')}`]),
    ...(synonyms.length === 0
      ? []
      : [`Also as: ${synonyms.map((name) => `\`${name}\``).join(', ')}`]),
    `Retry: ${RETRY[retry]}${wait}`,
    `What to do: ${withoutTags(action)}`,
  ]
  return `### ${code}

${withoutTags(meaning)}

${lines.map((line) => `- ${line}\n`).join('')}`
}

/** Markdown takes `<name>` for a tag, outside of backticks. */
function withoutTags(text: string): string {
  return text.replaceAll(/`[^`]*`|</g, (found) => (found === '<' ? '&lt;' : found))
}
