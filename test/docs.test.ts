import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import t from 'tap'
import { comparable, PAGES, shellBlocks } from './support/doc-blocks.js'

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

/** Pages whose responses a test of their own compares: readme.test.ts, exchanges.test.ts. */
const COMPARED = ['README.md', 'docs/connectors/write-your-own.md']

t.test('every response that a page shows is compared with a real one', async (t) => {
  for (const page of PAGES.filter((name) => !COMPARED.includes(name))) {
    const text = readFileSync(page, 'utf8')
    const outputs = shellBlocks(text).map(({ output }) => output?.trim())
    for (const [, json = ''] of text.matchAll(/^ *```json\n([\s\S]*?)^ *```$/gm)) {
      if (!json.includes('"returnData"')) continue
      t.ok(outputs.includes(json.trim()), `${page}: ${json.slice(0, 60)}`)
    }
  }
})

t.test('output is compared but for white space, times, ids and durations', async (t) => {
  const printed = '{"time":"2026-11-25T22:19:32.000Z","meta":{"durationMs":12},"n":1}'
  const shown = '{\n  "time": "2026-01-01T00:00:00Z",\n  "meta": { "durationMs": 3 },\n  "n": 1\n}'
  t.equal(comparable(printed), comparable(shown))
  t.not(comparable(printed), comparable(shown.replace('"n": 1', '"n": 2')))
})

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): Set<string> {
  const headings = readFileSync(page, 'utf8').matchAll(/^#+ (.+)$/gm)
  return new Set(
    [...headings].map(([, text = '']) =>
      text
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

t.test('every link inside the repository has its file and its heading', async (t) => {
  const pages = [...PAGES, 'SECURITY.md', 'CHANGELOG.md', 'connectors/README.md']
  for (const page of pages) {
    const links = readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)
    for (const [, link = '', anchor] of links) {
      const file = link === '' ? page : join(page, '..', link)
      t.ok(existsSync(file), `${page}: ${link}`)
      if (anchor === undefined || !file.endsWith('.md')) continue
      t.ok(anchorsOf(file).has(anchor), `${page}: ${link}#${anchor}`)
    }
  }
})

t.test('every file that CONTRIBUTING names exists', async (t) => {
  const names = readFileSync('CONTRIBUTING.md', 'utf8').matchAll(
    /`((?:src|test|scripts|docs|deploy|openapi|connectors|\.github)\/[\w./-]*)`/g,
  )
  const paths = [...names].map(([, path = '']) => path)
  t.ok(paths.length > 30)
  for (const path of paths) t.ok(existsSync(path), path)
})

t.test('every page of the documentation is linked from its index', async (t) => {
  const index = ['docs/README.md', 'docs/connectors/README.md'].map((page) => ({
    page,
    text: readFileSync(page, 'utf8'),
  }))
  for (const page of PAGES.filter((name) => name.startsWith('docs/'))) {
    const isLinked = index.some(({ page: from, text }) =>
      text.includes(`](${relative(dirname(from), page)})`),
    )
    t.ok(isLinked || page === 'docs/README.md', page)
  }
})
