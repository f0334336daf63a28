import { execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { parse } from 'yaml'

const TEMPLATES = 'connectors/tracecat/templates/tools/cloudtrail_commands'

type Values = Record<string, any>

/** A template's value with its expressions evaluated; one that is a whole text keeps its type. */
function evaluate(value: unknown, context: Values): unknown {
  if (Array.isArray(value)) return value.map((item) => evaluate(item, context))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, evaluate(member, context)]),
    )
  }
  if (typeof value !== 'string') return value
  const whole = /^\$\{\{ ([^}]*) \}\}$/.exec(value)
  if (whole) return lookUp(whole[1]!, context)
  return value.replace(/\$\{\{ (.*?) \}\}/g, (_, path: string) => String(lookUp(path, context)))
}

function lookUp(path: string, context: Values): unknown {
  if (path === 'FN.uuid4()') return randomUUID()
  // a path without a match is null, as in Tracecat
  return path.split('.').reduce<any>((value, name) => value?.[name] ?? null, context)
}

/** Debian's Python, whose packages the system suite installs. */
const PYTHON = '/usr/bin/python3'

/**
 * core.http_poll: sends the same request again while the status is one of the retry codes.
 *
 * @throws Error with the last line of httpx's traceback, where there is no response
 */
async function httpPoll(args: Values, env: Record<string, string>): Promise<Values> {
  const { method, url, headers, payload = null, timeout, verify_ssl } = args
  for (let attempt = 1; ; attempt += 1) {
    const child = spawn(PYTHON, ['test/connectors/stubs/tracecat/http_request.py'], {
      env: { ...process.env, ...env },
    })
    child.stdin.end(JSON.stringify({ method, url, headers, payload, timeout, verify_ssl }))
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
    if (output === '') throw new Error(errors.trim().split('\n').at(-1))
    const response = JSON.parse(output) as Values
    const isAgain = args.poll_retry_codes.includes(response.status_code)
    if (!isAgain || attempt === args.poll_max_attempts) return response
    // Tracecat waits poll_interval; without it 2, 4, 8… seconds. Tests need not
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** core.script.run_python: calls main() of the script with the inputs by name. */
function runPython({ script, inputs }: Values): unknown {
  const code = `import json, sys\n${script as string}\nprint(json.dumps(main(**json.load(sys.stdin))))`
  const options = { input: JSON.stringify(inputs), encoding: 'utf8', stdio: 'pipe' } as const
  return JSON.parse(execFileSync('python3', ['-c', code], options)) as unknown
}

/**
 * Runs a template as Tracecat would, written from its documentation.
 *
 * @param env environment variables of Tracecat's executor
 * @throws Error of the step that failed
 */
export async function runTemplate(
  name: string,
  inputs: Values,
  secrets: Values,
  env: Record<string, string> = {},
): Promise<any> {
  const { definition } = parse(readFileSync(`${TEMPLATES}/${name}.yml`, 'utf8'))
  const given = Object.entries<any>(definition.expects).map(([input, { default: preset }]) => [
    input,
    inputs[input] ?? preset ?? null,
  ])
  const context: Values = {
    inputs: Object.fromEntries(given),
    SECRETS: { cloudtrail_commands: secrets },
    steps: {},
  }
  for (const { ref, action, args } of definition.steps) {
    const filled = evaluate(args, context) as Values
    const result = action === 'core.http_poll' ? await httpPoll(filled, env) : runPython(filled)
    context.steps[ref] = { result }
  }
  return evaluate(definition.returns, context)
}
