import { execFileSync } from 'node:child_process'
import { channel } from 'node:diagnostics_channel'
import { cpSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { join, resolve } from 'node:path'
import { inspect } from 'node:util'
import type { Test } from 'tap'
import { testDirectory } from '../../support/test-directory.js'

/** What is published here is searched for secrets (search-leaks.mjs). */
const written = channel('test.written')

/** The options of n8n's HTTP helper that the node and its credential use. */
interface RequestOptions {
  method: string
  baseURL?: string
  url: string
  headers?: Record<string, string>
  body?: unknown
  timeout?: number
  skipSslCertificateValidation?: boolean
  agentOptions?: { ca?: string }
}

interface Response {
  statusCode: number
  headers: Record<string, unknown>
  body: unknown
}

/** What was entered in the node's credential. */
export type Credential = Record<string, string | boolean>

/** The package as n8n loads it. */
export interface Package {
  files: string[]
  node: any
  credential: any
}

const PACKAGE = 'n8n-nodes-cloudtrail-commands'

/** Builds the package by npm pack, unpacks it, and loads it beside our stub of n8n-workflow. */
export function loadPackage(t: Test): Package {
  const root = testDirectory(t)
  const source = join(root, 'source')
  cpSync('connectors/n8n', source, { recursive: true })
  const bin = resolve('node_modules/.bin')
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH ?? ''}` }
  const packed = execFileSync('npm', ['pack', '--json', '--silent'], { cwd: source, env })
  const [{ filename, files }] = JSON.parse(packed.toString())
  const installed = join(root, 'node_modules', PACKAGE)
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', join(source, filename), '-C', installed, '--strip-components=1'])
  cpSync('test/connectors/stubs/n8n/n8n-workflow', join(root, 'node_modules/n8n-workflow'), {
    recursive: true,
  })
  const require = createRequire(join(root, 'index.js'))
  const { n8n } = require(`${PACKAGE}/package.json`)
  const load = (path: string) => {
    const [Class] = Object.values<new () => any>(require(`${PACKAGE}/${path}`))
    return new Class!()
  }
  return {
    files: files.map(({ path }: { path: string }) => path),
    node: load(n8n.nodes[0]),
    credential: load(n8n.credentials[0]),
  }
}

/** Fills n8n's expressions of a credential: ={{$credentials.name}}, with JavaScript around it or text before it. */
function fill(value: unknown, credentials: Credential): unknown {
  if (typeof value !== 'string' || !value.startsWith('=')) return value
  const evaluate = (code: string): unknown =>
    // oxlint-disable-next-line typescript/no-implied-eval
    new Function('$credentials', `return ${code}`)(credentials)
  const whole = /^=\{\{(.*)\}\}$/.exec(value)
  if (whole) return evaluate(whole[1]!)
  return value.slice(1).replace(/\{\{(.*?)\}\}/g, (_, code: string) => String(evaluate(code)))
}

const fillAll = (values: Record<string, unknown>, credentials: Credential) =>
  Object.fromEntries(Object.entries(values).map(([name, one]) => [name, fill(one, credentials)]))

/** The headers by which a credential signs in. */
const headersOf = (credential: Package['credential'], credentials: Credential) =>
  fillAll(credential.authenticate.properties.headers, credentials) as Record<string, string>

/** n8n's HTTP helper: the full response at every status, an Error with a cause for a broken connection. */
async function send(options: RequestOptions): Promise<Response> {
  const url = new URL((options.baseURL ?? '') + options.url)
  const body = options.body === undefined ? undefined : JSON.stringify(options.body)
  const headers = { ...options.headers, ...(body ? { 'content-type': 'application/json' } : {}) }
  const secure = {
    rejectUnauthorized: !options.skipSslCertificateValidation,
    ...options.agentOptions,
  }
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: options.method, headers, ...secure }, (incoming) => {
      let text = ''
      incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const isJson = incoming.headers['content-type']?.includes('json')
        resolve({
          statusCode: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: isJson ? (JSON.parse(text) as unknown) : text,
        })
      })
    })
    outgoing.on('error', (cause) => reject(new Error('The service did not respond', { cause })))
    outgoing.end(body)
  })
}

/** How a run of the node ended. */
export interface Run {
  items: { json: any; pairedItem: { item: number } }[]
  hints: string[]
  error?: any
}

/** Runs the node for each of the parameter sets, one input item each. */
export async function runNode(
  { node, credential }: Package,
  credentials: Credential,
  inputs: Record<string, unknown>[],
  continueOnFail = false,
): Promise<Run> {
  const hints: string[] = []
  const headers = headersOf(credential, credentials)
  const context = {
    getInputData: () => inputs.map(() => ({ json: {} })),
    getNode: () => ({ name: 'CloudTrail Commands', type: node.description.name }),
    getCredentials: async () => credentials,
    getNodeParameter: (name: string, index: number, fallback?: unknown) => {
      const value = inputs[index]?.[name] ?? fallback
      if (value === undefined) throw new Error(`Could not get parameter ${name}`)
      return value
    },
    continueOnFail: () => continueOnFail,
    addExecutionHints: ({ message }: { message: string }) => hints.push(message),
    helpers: {
      httpRequestWithAuthentication: async (name: string, options: RequestOptions) => {
        if (name !== credential.name) throw new Error(`no credential ${name}`)
        return send({
          ...options,
          headers: { ...options.headers, ...headers },
        })
      },
    },
  }
  let run: Run
  try {
    const [items] = await node.execute.call(context)
    run = { items, hints }
  } catch (error) {
    run = { items: [], hints, error }
  }
  written.publish({ where: 'the output of the n8n node', text: inspect(run, { depth: 10 }) })
  return run
}

/** What Test Connection of n8n's credential form does: the declared request, good when the status is 2xx. */
export async function testCredential(
  { credential }: Package,
  credentials: Credential,
): Promise<boolean> {
  const request = fillAll(credential.test.request, credentials) as unknown as RequestOptions
  const headers = headersOf(credential, credentials)
  const { statusCode } = await send({ ...request, headers })
  return statusCode < 300
}
