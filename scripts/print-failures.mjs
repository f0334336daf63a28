/*
 * A reporter for tap: prints each failed assertion with the titles of its tests, its place and its difference, each process
 * that failed, each file that was skipped, and the totals of assertions. tap's own reporters omit failures without a
 * terminal.
 */
import { Transform } from 'node:stream'
import { parse } from 'yaml'

const INDENT = 4

export default class PrintFailures extends Transform {
  #rest = ''
  /** Titles of the tests that are open, the outermost first. */
  #titles = []
  /** A failure whose details are being read. */
  #failure

  _transform(chunk, _encoding, done) {
    const lines = (this.#rest + String(chunk)).split('\n')
    this.#rest = lines.pop()
    for (const line of lines) this.#read(line)
    done()
  }

  #read(line) {
    const text = line.trimStart()
    if (this.#failure) {
      if (line === `${this.#failure.indent}  ...`) this.#print()
      else this.#failure.lines.push(line.slice(this.#failure.indent.length + 2))
      return
    }
    const indent = line.slice(0, line.length - text.length)
    const depth = indent.length / INDENT
    const [, title] = /^# Subtest: (.*)$/.exec(text) ?? []
    if (title !== undefined) this.#titles[depth] = title
    const [, skipped] = /^ok \d+ - (.* # SKIP .*)$/.exec(text) ?? []
    if (skipped !== undefined) this.push(`skipped: ${skipped}\n`)
    if (text.startsWith('Bail out!')) this.push(`${text}\n`)
    const totals = depth === 0 && /^# \{ total: \d+(.*) \}$/.exec(text)
    if (totals) this.push(summary(totals[1]))
    const [, failed] = /^not ok \d+ - (.*)$/.exec(text) ?? []
    if (failed !== undefined) this.#failure = { indent, depth, title: failed, lines: [] }
  }

  #print() {
    const { depth, title, lines } = this.#failure
    this.#failure = undefined
    const details = parse(lines.slice(1).join('\n')) ?? {}
    const { at, diff, exitCode, signal } = details
    // the failure of a test follows from those of its assertions, which are printed
    const isTest = / # time=[\d.]+m?s?$/.test(title)
    if (isTest && depth > 0) return
    const names = [...this.#titles.slice(1, depth), title]
    let text = `\nFAILED: ${names.join(' > ')}\n`
    if (at?.fileName) text += `  at ${at.fileName}:${at.lineNumber}\n`
    if (exitCode !== undefined || signal) text += `  exit code ${exitCode}, signal ${signal}\n`
    if (diff) text += indented(diff.replaceAll('\n\n', '\n'))
    else if (!isTest) text += indented(lines.slice(1).join('\n'))
    // in one piece: another run prints to the same terminal
    this.push(text)
  }
}

const indented = (text) => text.trimEnd().replaceAll(/^/gm, '  ') + '\n'

/** @param totals for example `, pass: 12, fail: 1` */
function summary(totals) {
  const count = (name) => /\d+/.exec(totals.split(`${name}: `)[1] ?? '0')[0]
  return `\n${count('pass')} passed, ${count('fail')} failed\n`
}
