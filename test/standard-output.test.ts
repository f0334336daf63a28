import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { StandardOutput } from '../src/standard-output.js'
import { testDirectory } from './support/test-directory.js'

const MODULE = new URL('../src/standard-output.js', import.meta.url).href

/** Standard output whose reader reads only when the test says so. */
function slowOutput() {
  const written: string[] = []
  const waiting: (() => void)[] = []
  const reports: number[] = []
  const output = new StandardOutput(
    (count) => reports.push(count),
    (bytes, done) => {
      waiting.push(() => {
        written.push(bytes.toString())
        done()
      })
    },
  )
  /** Reads everything that is written, and what is written for it. */
  const readAll = () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) next()
  }
  return { output, written, reports, readAll }
}

const LINE = `${'x'.repeat(1023)}\n`

t.test('keeps a mebibyte of the log for a reader that stopped, and counts the rest', async (t) => {
  const { output, written, reports, readAll } = slowOutput()
  for (let index = 0; index < 1024 + 5; index += 1) output.writeLog(LINE)
  t.equal(output.dropped, 5)
  readAll()
  t.equal(written.join('').length, 1024 * LINE.length)
  t.same(reports, [5], 'reported once, when lines are written again')
  output.writeLog(LINE)
  readAll()
  t.same([output.dropped, reports], [5, [5]])
})

t.test('never drops text that is waited for, and keeps its order among the log', async (t) => {
  const { output, written, readAll } = slowOutput()
  for (let index = 0; index < 1024; index += 1) output.writeLog(LINE)
  const audit = output.write('audit\n')
  output.writeLog('dropped\n')
  let isWritten = false
  void audit.then(() => (isWritten = true))
  await Promise.resolve()
  t.notOk(isWritten, 'not before it is written')
  readAll()
  await audit
  t.ok(written.join('').endsWith(`${LINE}audit\n`))
})

t.test('reports to those who wait that their reader reads', async (t) => {
  const { output, readAll } = slowOutput()
  for (let index = 0; index < 1024; index += 1) output.writeLog(LINE)
  let steps = 0
  const audit = output.write('audit\n', true, () => (steps += 1))
  t.equal(steps, 0, 'nobody reads')
  readAll()
  await audit
  t.ok(steps > 10, `${steps} batches of 64 KiB came before it`)
})

t.test('rejects text that could not be written, and counts the lines of the log', async (t) => {
  const output = new StandardOutput(
    () => undefined,
    (_bytes, done) => {
      setImmediate(done, new Error('EPIPE'))
    },
  )
  output.writeLog(LINE)
  await t.rejects(output.write('audit\n'), { message: 'EPIPE' })
  t.equal(output.dropped, 1)
})

t.test('waits at exit for a reader, and no longer than the time given', async () => {
  const { output, readAll } = slowOutput()
  await output.flush(60_000)
  output.writeLog(LINE)
  await output.flush(1)
  const flushed = output.flush(60_000)
  readAll()
  await flushed
})

/** Runs a script on an `output` of its own process, whose standard output is the file, and returns its standard error. */
function runWithOutputTo(t: Test, path: string, script: string): string {
  const main = join(
    testDirectory(t, {
      'main.mjs': `
        import { StandardOutput } from '${MODULE}'
        const output = new StandardOutput(() => undefined)
        ${script}`,
    }),
    'main.mjs',
  )
  const file = openSync(path, 'w')
  const { stderr } = spawnSync(process.execPath, [main], {
    stdio: ['ignore', file, 'pipe'],
    encoding: 'utf8',
  })
  closeSync(file)
  return stderr
}

t.test('writes log and audit entries in order where standard output is a file', async (t) => {
  const path = join(testDirectory(t, { output: '' }), 'output')
  const text = 'x'.repeat(1_000)
  const errors = runWithOutputTo(
    t,
    path,
    `for (let line = 0; line < 200; line += 1) output.writeLog(line + '${text}\\n')
     await output.write('audit\\n')
     output.writeLog('last\\n')`,
  )
  t.equal(errors, '')
  const lines = Array.from({ length: 200 }, (_, line) => `${line}${text}`)
  t.same(readFileSync(path, 'utf8').split('\n'), [...lines, 'audit', 'last', ''])
})

t.test('rejects text where standard output is a file on a full disk', async (t) => {
  const errors = runWithOutputTo(
    t,
    '/dev/full',
    `await output.write('audit\\n').catch(({ code }) => console.error(code))`,
  )
  t.equal(errors, 'ENOSPC\n')
})

t.test(
  'continues a write of which a terminal took a part, and one that was to be tried again',
  async (t) => {
    const path = join(testDirectory(t, { output: '' }), 'output')
    const errors = runWithOutputTo(
      t,
      path,
      `const { default: fs } = await import('node:fs')
     const { syncBuiltinESMExports } = await import('node:module')
     const { write } = fs
     let calls = 0
     fs.write = (fd, bytes, done) => {
       calls += 1
       if (calls % 2 === 0) write(fd, bytes.subarray(0, 10), done)
       else setImmediate(done, Object.assign(new Error('try again'), { code: 'EAGAIN' }))
     }
     syncBuiltinESMExports()
     await output.write('an audit entry\\n')
     console.error(calls)`,
    )
    t.equal(errors, '4\n')
    t.equal(readFileSync(path, 'utf8'), 'an audit entry\n')
  },
)
