import { stringify } from 'yaml'
import { COMMANDS, type Argument, type ConnectorCommand } from './command-model.js'

const SECRET = 'SECRETS.cloudtrail_commands'
const URL = `\${{ ${SECRET}.CLOUDTRAIL_COMMANDS_URL }}`

const AUTHORIZATION = `Bearer \${{ ${SECRET}.CLOUDTRAIL_COMMANDS_API_KEY }}`

/** Leaves out the inputs that were not given: the service refuses null where it has no meaning. */
const BODY = `def main(values):
    return {name: value for name, value in values.items() if value is not None}
`

/** Raises for returnData Failed, so that the workflow takes its error path. */
const OUTCOME = `def main(first, last):
    response = last if first["status_code"] == 202 else first
    envelope = response["data"]
    if not isinstance(envelope, dict) or "returnData" not in envelope:
        raise RuntimeError("HTTP %s is not a response of CloudTrail commands. Hint: check CLOUDTRAIL_COMMANDS_URL." % response["status_code"])
    if envelope["returnData"] in ("Failed", "Running"):
        lines = ["%s Status Code: %s. Message: %s Hint: %s" % (
            error["failureIndicator"], error["statusCode"], error["message"], error.get("hint", "none"))
            for error in envelope.get("errors", [])]
        raise RuntimeError("\\n".join(lines) or "The job was still running when the polls were used up.")
    return envelope
`

const snake = (name: string) =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase()

/** The type of an input in Tracecat's own notation. */
function typeOf({ name, kind, options, isRequired }: Argument): string {
  const types: Record<Argument['kind'], string> = {
    text: 'str',
    boolean: 'bool',
    number: 'int',
    list: name === 'regions' ? 'list[str] | str' : 'list[str]',
    json: 'Any',
    choice: `enum[${options.map((option) => JSON.stringify(option)).join(', ')}]`,
  }
  return isRequired || kind === 'json' ? types[kind] : `${types[kind]} | None`
}

/** Seconds: the service's own deadline is 60 by default. */
const TIMEOUT = 90

function template(command: ConnectorCommand): object {
  const { name, title, description, quota, arguments: all } = command
  const isJob = quota !== 'read'
  const headers = {
    authorization: AUTHORIZATION,
    ...(quota === 'write' ? { 'idempotency-key': '${{ FN.uuid4() }}' } : {}),
    ...(isJob ? { prefer: 'respond-async' } : {}),
  }
  const expects = all.map((argument) => [
    snake(argument.name),
    {
      type: typeOf(argument),
      description: argument.description,
      ...(argument.isRequired ? {} : { default: null }),
    },
  ])
  const values = all.map((argument) => [argument.name, `\${{ inputs.${snake(argument.name)} }}`])
  const run = {
    ref: 'run',
    action: 'core.http_poll',
    args: {
      url: `${URL}/commands/${name}`,
      method: 'POST',
      headers,
      payload: '${{ steps.body.result }}',
      timeout: TIMEOUT,
      verify_ssl: '${{ inputs.verify_ssl }}',
      poll_retry_codes: [429, 503],
      poll_max_attempts: 6,
    },
  }
  const job = {
    ref: 'job',
    action: 'core.http_poll',
    args: {
      url: `${URL}/jobs/\${{ steps.run.result.data.job.id }}`,
      method: 'GET',
      headers: { authorization: AUTHORIZATION },
      timeout: TIMEOUT,
      verify_ssl: '${{ inputs.verify_ssl }}',
      poll_retry_codes: [202, 429, 503],
      poll_interval: 2,
      poll_max_attempts: 450,
    },
  }
  const last = isJob ? 'job' : 'run'
  return {
    type: 'action',
    definition: {
      title,
      description,
      display_group: 'CloudTrail Commands',
      namespace: 'tools.cloudtrail_commands',
      name: snake(name),
      secrets: [
        {
          name: 'cloudtrail_commands',
          keys: ['CLOUDTRAIL_COMMANDS_URL', 'CLOUDTRAIL_COMMANDS_API_KEY'],
        },
      ],
      expects: {
        ...(Object.fromEntries(expects) as Record<string, object>),
        verify_ssl: {
          type: 'bool',
          description: 'Whether the certificate of the service must be trusted.',
          default: true,
        },
      },
      steps: [
        {
          ref: 'body',
          action: 'core.script.run_python',
          args: {
            script: BODY,
            inputs: { values: Object.fromEntries(values) as Record<string, string> },
          },
        },
        run,
        ...(isJob ? [job] : []),
        {
          ref: 'outcome',
          action: 'core.script.run_python',
          args: {
            script: OUTCOME,
            inputs: {
              first: '${{ steps.run.result }}',
              last: `\${{ steps.${last}.result }}`,
            },
          },
        },
      ],
      returns: '${{ steps.outcome.result }}',
    },
  }
}

const TEST_CONNECTION: ConnectorCommand = {
  name: 'test-connection',
  title: 'Test Connection',
  description: 'Checks the address and key of the service, and the credentials of its connection.',
  quota: 'read',
  scope: 'read',
  iamActions: [],
  arguments: [],
  outputs: [],
}

/** A template for each command, by its path below connectors/tracecat. */
export function tracecatFiles(): Record<string, string> {
  const files = [...COMMANDS, TEST_CONNECTION].map((command) => [
    `templates/tools/cloudtrail_commands/${snake(command.name)}.yml`,
    stringify(template(command), { aliasDuplicateObjects: false, lineWidth: 0 }),
  ])
  return Object.fromEntries(files) as Record<string, string>
}
