import { request } from 'node:http'

import type { Test } from 'tap'

import type { Sandbox, SandboxOptions } from '../../../src/sandbox/sandbox.js'
import { startSandbox } from '../../../src/sandbox/sandbox.js'
import { schemaViolations } from './schema-check.js'

/** What a test says about a request beside the operation and its input. */
export interface WireOptions {
  region?: string
  accessKey?: string
  sessionToken?: string
  /** The body as text, for what is not JSON. */
  rawBody?: string
  /** Headers to add or replace; `undefined` leaves one out. */
  headers?: Record<string, string | undefined>
  method?: string
  path?: string
}

/** A response as it came over the wire. */
export interface WireResult {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  /** The body parsed, `undefined` when it is empty. */
  json: any
}

/** The `authorization` header of Signature Version 4, with a made-up signature. */
export function authorization(
  region: string,
  accessKey: string,
  day: string,
  service = 'cloudtrail',
) {
  return `AWS4-HMAC-SHA256 Credential=${accessKey}/${day}/${region}/${service}/aws4_request, SignedHeaders=host;x-amz-date;x-amz-target, Signature=0000`
}

/** The present as `x-amz-date` has it. */
export function amzDate(time = Date.now()): string {
  return `${new Date(time).toISOString().slice(0, 19).replace(/[:-]/g, '')}Z`
}

/** Calls an operation with a request put together by hand, as no SDK would let one do. */
export async function callRaw(
  { url, accessKey }: Pick<Sandbox, 'url' | 'accessKey'>,
  operation: string,
  input: object = {},
  options: WireOptions = {},
): Promise<WireResult> {
  const date = amzDate()
  const region = options.region ?? 'us-east-1'
  const headers: Record<string, string | undefined> = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `CloudTrail_20131101.${operation}`,
    'x-amz-date': date,
    authorization: authorization(region, options.accessKey ?? accessKey, date.slice(0, 8)),
    'x-amz-security-token': options.sessionToken,
    ...options.headers,
  }
  const given = Object.entries(headers).filter(([, value]) => value !== undefined)
  const body = options.rawBody ?? JSON.stringify(input)
  return send(
    url + (options.path ?? '/'),
    options.method ?? 'POST',
    Object.fromEntries(given),
    body,
  )
}

/** Sends one request over a connection of its own. */
export function send(
  url: string,
  method: string,
  headers: Record<string, any>,
  body = '',
): Promise<WireResult> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const isJson = response.headers['content-type']?.includes('json') === true && text !== ''
        const json = isJson ? JSON.parse(text) : undefined
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** A sandbox for one test, gone at its end, with a function that calls it and checks every response. */
export async function testSandbox(t: Test, options: Partial<SandboxOptions> = {}) {
  const sandbox = await startSandbox({ port: 0, quotas: false, events: 0, ...options })
  t.teardown(() => sandbox.close())
  const call = async (operation: string, input: object = {}, wire: WireOptions = {}) => {
    const result = await callRaw(sandbox, operation, input, wire)
    t.same(schemaViolations({ target: operation, status: result.status, body: result.text }), [])
    return result
  }
  /** Calls an operation that must fail, and compares its code and message. */
  const refuses = async (
    operation: string,
    input: object,
    code: string,
    message: string | RegExp,
    wire: WireOptions = {},
  ) => {
    const { status, json } = await call(operation, input, wire)
    t.match(
      { status, code: json?.__type, message: json?.Message ?? json?.message ?? '' },
      {
        status: 400,
        code,
        message,
      },
    )
  }
  return { sandbox, call, refuses }
}
