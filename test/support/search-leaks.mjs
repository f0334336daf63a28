/*
 * Loaded into every test process (see .taprc), and into every service that a test starts as a process of its own: all that
 * the service writes is searched for secrets, whatever the test is about. Log, audit lines, answers, and what a crash
 * leaves behind. Every secret of the tests is made so that it is known by its form.
 */
import { subscribe } from 'node:diagnostics_channel'
import fs from 'node:fs'
import { OutgoingMessage, ServerResponse } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import { Buffer } from 'node:buffer'
import process from 'node:process'
import { inspect } from 'node:util'

/** Access secrets of the sandbox and of tests, its session tokens, API keys, and what tests mark for the purpose. */
const SECRETS = /not-a-secret|sandbox-session-[\w-]{32}|ctk_[\w-]{43}|marked-(?:secret|token|key)/

/** Tells of a secret and fails the process, without saying it once more. */
function search(where, written) {
  const text = typeof written === 'string' ? written : Buffer.from(written ?? '').toString()
  const found = SECRETS.exec(text)
  if (!found) return
  const around = text.slice(Math.max(0, found.index - 60), found.index)
  fs.writeSync(2, `A SECRET WAS WRITTEN to ${where}, after: ${around}\n`)
  process.exitCode = 86
  // what a test ends with must not hide it
  process.on('exit', () => (process.exitCode = 86))
}

// what a service in this process logs: the test's own sink tells
subscribe('test.written', ({ where, text }) => search(where, text))

// answers of the service, which alone have a request id; the sandbox's STS gives secrets out, as it must
for (const method of ['write', 'end']) {
  const original = OutgoingMessage.prototype[method]
  ServerResponse.prototype[method] = function (chunk, ...rest) {
    const headers = `${this._header ?? ''}${JSON.stringify(this.getHeaders())}`
    if (/x-request-id/i.test(headers)) {
      if (typeof chunk === 'string' || chunk instanceof Uint8Array) search('an answer', chunk)
      search('the headers of an answer', headers)
    }
    return original.call(this, chunk, ...rest)
  }
}

// the audit file is the one file that the service writes
const probe = await fs.promises.open('/dev/null')
const FileHandle = Object.getPrototypeOf(probe)
await probe.close()
const { write: writeFile } = FileHandle
FileHandle.write = function (data, ...rest) {
  search('a file', data)
  return writeFile.call(this, data, ...rest)
}

// a process of its own: all that it prints. Pino writes to descriptors, Node's own crash report to stderr.
if (process.env.SEARCH_OUTPUT === 'true') {
  const { writeSync } = fs
  fs.writeSync = (descriptor, data, ...rest) => {
    if (descriptor <= 2 && !String(data).startsWith('A SECRET')) search('the output', data)
    return writeSync(descriptor, data, ...rest)
  }
  const { write } = fs
  fs.write = (descriptor, data, ...rest) => {
    if (descriptor <= 2) search('the output', data)
    return write(descriptor, data, ...rest)
  }
  for (const stream of [process.stdout, process.stderr]) {
    const original = stream.write
    stream.write = function (data, ...rest) {
      search('the output', data)
      return original.call(this, data, ...rest)
    }
  }
}
// what Node itself says of an error that nobody caught goes past all of the above
process.on('uncaughtExceptionMonitor', (error) => {
  if (process.listenerCount('uncaughtException') > 0) return
  search('a crash', inspect(error))
  if (process.exitCode === 86) process.exit()
})
syncBuiltinESMExports()
