import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { PAGES, shellBlocks } from './support/doc-blocks.js'

for (const page of PAGES) {
  const blocks = shellBlocks(readFileSync(page, 'utf8'))
  if (blocks.length === 0) continue
  t.test(`${page}: a shell parses every block of commands`, async (t) => {
    for (const { line, script } of blocks) {
      const { status, stderr } = spawnSync('bash', ['-n', '-c', script], { encoding: 'utf8' })
      t.equal(status, 0, `line ${line}: ${stderr}`)
    }
  })
}

t.test('a block that needs an unknown environment is refused', async (t) => {
  t.throws(() => shellBlocks('```sh skip\nfalse\n```'), { message: 'line 1: skip?' })
})

t.test('every link to a file of the repository has its file', async (t) => {
  for (const page of PAGES) {
    const links = readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)
    for (const [, link = ''] of links) t.ok(existsSync(join(page, '..', link)), `${page}: ${link}`)
  }
})
