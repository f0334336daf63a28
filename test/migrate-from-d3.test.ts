import { readFile } from 'node:fs/promises'
import t from 'tap'
import { CATALOG } from '../src/commands/catalog.js'

t.test('the migration page names every command of D3 with fields that it has', async (t) => {
  const page = await readFile('docs/how-to/migrate-from-d3.md', 'utf8')
  const table = page.split('## Commands and parameters')[1]?.split('\n## ')[0] ?? ''
  const rows = table.split('\n').filter((line) => /^\|.*`/.test(line))
  const seen = new Set<string>()
  let command = ''
  for (const row of rows) {
    const [, , , name = '', field = ''] = row.split('|').map((cell) => cell.trim())
    if (name !== '') command = name.replaceAll('`', '')
    seen.add(command)
    const definition = CATALOG.find((one) => one.name === command)
    const fieldName = field.replaceAll('`', '')
    t.ok(fieldName === '–' || fieldName in (definition?.body.properties ?? {}), row)
  }
  const own = ['add-tags', 'test-connection']
  t.same(
    [...seen].sort(),
    CATALOG.map(({ name }) => name)
      .filter((name) => !own.includes(name))
      .sort(),
  )
})
