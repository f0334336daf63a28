/*
 * Loaded into every test process, and into every service that a test starts as a process of its own: all that
 * the service writes is searched for secrets, whatever the test is about. Log, audit entries, responses, and what a
 * crash leaves behind. Every secret of the tests is made so that it is known by its form.
 */
import { subscribe } from 'node:diagnostics_channel'
import fs from 'node:fs'
import { OutgoingMessage, ServerResponse } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import { Buffer } from 'node:buffer'
import process from 'node:process'
import { inspect } from 'node:util'
import { isMainThread } from 'node:worker_threads'

/**
 * Access secrets of the sandbox and of tests, its session tokens, API keys, and what tests mark for the purpose. A token of a
 * stream is long and random: the form of an API key may occur in the middle of one.
 */
const SECRETS =
  /not-a-secret|sandbox-session-[\w-]{32}|(?<![\w-])ctk_[\w-]{43}(?![\w-])|marked-(?:secret|token|key)/

const textOf = (written) =>
  typeof written === 'string' ? written : Buffer.from(written ?? '').toString()

/** Reports a secret, without its text, and fails the process. */
function search(where, written) {
  const text = textOf(written)
  const found = SECRETS.exec(text)
  if (!found) return
  const around = text.slice(Math.max(0, found.index - 60), found.index)
  fs.writeSync(2, `A SECRET WAS WRITTEN to ${where}, after: ${around}\n`)
  process.exitCode = 86
  // the exit code of a thread is not that of its process
  if (!isMainThread) process.kill(process.pid, 'SIGKILL')
  // what a test ends with must not hide it
  process.on('exit', () => (process.exitCode = 86))
}

// what a service in this process logs: as the test's own sink reports it
subscribe('test.written', ({ where, text }) => search(where, text))

// responses of the service, which alone have a request id; the sandbox's STS gives secrets out, as it must
const isOfService = new WeakMap()
for (const method of ['write', 'end']) {
  const original = OutgoingMessage.prototype[method]
  ServerResponse.prototype[method] = function (chunk, ...rest) {
    if (!isOfService.has(this)) {
      const headers = `${this._header ?? ''}${JSON.stringify(this.getHeaders())}`
      isOfService.set(this, /x-request-id/i.test(headers))
      if (isOfService.get(this)) search('the headers of a response', headers)
    }
    if (isOfService.get(this) && (typeof chunk === 'string' || chunk instanceof Uint8Array)) {
      search('a response', chunk)
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
    if (descriptor <= 2 && !textOf(data).startsWith('A SECRET')) search('the output', data)
    return writeSync(descriptor, data, ...rest)
  }
  const { write } = fs
  fs.write = (descriptor, data, ...rest) => {
    if (descriptor <= 2) search('the output', data)
    write(descriptor, data, ...rest)
  }
  for (const stream of [process.stdout, process.stderr]) {
    const original = stream.write.bind(stream)
    stream.write = (data, ...rest) => {
      search('the output', data)
      return original(data, ...rest)
    }
  }
}
// Node writes an uncaught error past all of the above
process.on('uncaughtExceptionMonitor', (error) => {
  if (process.listenerCount('uncaughtException') > 0) return
  search('a crash', inspect(error))
  if (process.exitCode === 86) process.exit()
})
syncBuiltinESMExports()
