import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { channel } from 'node:diagnostics_channel'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Test } from 'tap'

/** What is published here is searched for secrets (search-leaks.mjs). */
const written = channel('test.written')

/** One run of a connector, as its platform would start it. */
export interface Call {
  /** What the platform starts: a script, or the folder of an app. */
  file?: string
  /** The script itself, of a platform that takes it inside another file. */
  script?: string
  /** What was entered for the connection. */
  settings: Record<string, unknown>
  command: string
  args: unknown
}

/**
 * Runs a connector on the stub of its platform (test/connectors/stubs), in an empty directory in which it must leave
 * nothing.
 *
 * @returns what the stub printed, parsed
 */
export async function runConnector(
  t: Test,
  platform: 'xsoar' | 'splunk' | 'd3',
  call: Call,
  env: Record<string, string> = {},
): Promise<any> {
  const cwd = mkdtempSync(join(tmpdir(), 'connector-'))
  t.teardown(() => rmSync(cwd, { recursive: true }))
  const stubs = resolve('test/connectors/stubs', platform)
  const child = spawn('python3', ['-B', join(stubs, 'run.py')], {
    cwd,
    env: {
      PATH: process.env.PATH ?? '',
      PYTHONPATH: stubs,
      HOME: cwd,
      TMPDIR: cwd,
      LC_ALL: 'C.UTF-8',
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  child.stdin.end(JSON.stringify({ ...call, file: resolve(call.file ?? '') }))
  await once(child, 'close')
  written.publish({ where: `the output of the ${platform} connector`, text: output + errors })
  t.equal(errors, '', 'writes nothing to stderr')
  t.strictSame(readdirSync(cwd), [], 'leaves no file')
  return JSON.parse(output) as unknown
}
