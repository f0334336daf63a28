import t from 'tap'
import { StandardOutput } from '../src/standard-output.js'

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
