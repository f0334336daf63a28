import { readFile } from 'node:fs/promises'
import t from 'tap'
import { CATALOG } from '../src/commands/catalog.js'
import { ERROR_CODES } from '../src/envelope/error-codes.js'
import { MetaSchema } from '../src/envelope/meta.js'
import { startSandboxService } from './support/service.js'

const PAGE = await readFile('docs/reference/envelope.md', 'utf8')

/** The rows of the table below a heading, cell by cell. */
function tableBelow(heading: string): string[][] {
  const section = PAGE.split(`${heading}\n`)[1]?.split('\n#')[0] ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('|'))
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  )
}

/** The words in backticks. */
const codes = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)

t.test('the reference lists every member of meta, and no other', async (t) => {
  const listed = tableBelow('### meta').flatMap(([name]) => codes(name))
  t.same(listed.sort(), Object.keys(MetaSchema.properties).sort())
})

t.test('the reference lists every status of an error', async (t) => {
  const listed = tableBelow('## Statuses').flatMap(([statuses = '']) => statuses.split(', '))
  const logged = ERROR_CODES.ClientClosedRequest.status
  for (const [code, { status }] of Object.entries(ERROR_CODES)) {
    if (status !== logged) t.ok(listed.includes(String(status)), `${code}: ${status}`)
  }
})

t.test('every command returns the keyFields of the reference', async (t) => {
  const service = await startSandboxService(t)
  const table = tableBelow('### keyFields')
  const namesOf = (command: string) => {
    const row = table.find(([commands]) => codes(commands).includes(command)) ?? table[0]
    return codes(row?.[1]).filter((name) => name !== '{}')
  }
  for (const { name, examples } of CATALOG) {
    const { body } = await service.run(name, Object.values(examples)[0])
    t.same(Object.keys(body.keyFields), namesOf(name), name)
  }
})
