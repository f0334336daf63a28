import { readFileSync } from 'node:fs'

import t from 'tap'

import { accessKeyIdOf } from '../../src/sandbox/wire/access-key.js'
import { testSandbox } from './support/client.js'

/*
 * Requests and responses recorded from AWS in September 2026 (public test data: `src` names repository, file
 * and label) are replayed in their order. The lines of cdk-preflight have AWS's texts as CloudFormation
 * showed them; their requests are rebuilt from the rule.
 */

type Json = Record<string, any>
interface RecordedCall {
  src: string
  account: string
  op: string
  /** The `x-amz-target` header, where it is not the usual one. */
  target?: string
  input: Json
  status: number
  data: Json
}

const calls: RecordedCall[] = readFileSync(
  'test/fixtures/cloudtrail-recorded-requests.ndjson',
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))

/** The recorded calls by the file that they come from. */
const files = new Map<string, RecordedCall[]>()
for (const line of calls) {
  const file = line.src.startsWith('radkawar') ? (line.src.split('#')[0] ?? '') : 'cdk-preflight'
  files.set(file, [...(files.get(file) ?? []), line])
}

/**
 * A response without what a recording cannot show: RecursiveLogging where the AWS CLI that recorded did not
 * know it, the text of an error where only its code was kept, and the times of a status.
 */
function comparable(response: any, recorded: any): any {
  if (Array.isArray(response)) return response.map((item, at) => comparable(item, recorded?.[at]))
  if (typeof response !== 'object' || response === null) return response
  return Object.fromEntries(
    Object.entries(response)
      .filter(
        ([name]) =>
          !['RecursiveLogging', 'Message', 'message'].includes(name) || name in (recorded ?? {}),
      )
      .map(([name, member]) => [name, comparable(member, recorded?.[name])]),
  )
}

const TIMES = ['StartLoggingTime', 'TimeLoggingStarted']

function withoutTimes(response: Json): Json {
  return Object.fromEntries(
    Object.entries(response).map(([name, value]) => [
      name,
      TIMES.includes(name) && value !== '' ? typeof value : value,
    ]),
  )
}

t.equal(calls.length, 123)

for (const [file, lines] of files) {
  t.test(`returns the responses recorded in ${file} again`, async (t) => {
    const { call } = await testSandbox(t)
    for (const { src, account, op, target, input, status, data } of lines) {
      const { status: returned, json } = await call(op, input, {
        accessKey: accessKeyIdOf('AKIA', account),
        ...(target === undefined ? {} : { headers: { 'x-amz-target': target } }),
      })
      t.equal(returned, status, src)
      // a lookup without a filter finds the sandbox's own events
      if (target !== undefined && status === 200) continue
      t.strictSame(withoutTimes(comparable(json, data)), withoutTimes(data), src)
    }
  })
}
