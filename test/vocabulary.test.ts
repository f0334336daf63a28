import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { PAGES } from './support/doc-blocks.js'

/** Words that texts for users avoid, and what to write. One idea has one word. */
const AVOIDED: [RegExp, string][] = [
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/\b(tells?|telling|told)\b/i, 'report, return, log'],
  [/\b(un)?answer(s|ed|ing)?\b/i, 'response, respond'],
  [/\baway\b/i, 'unavailable'],
  [/\bwithdraw(s|n|ing|al)?\b/i, 'revoke'],
  [/\b(hang|hangs|hanging|hung) up\b/i, 'disconnect'],
  [/\btime in all\b/i, 'timeout, deadline'],
  [/\baudit lines?\b|\baccount of all commands\b/i, 'audit log, audit entry'],
  [/\b(requests?|reads?|writes?|lookups?|changes?|events?|commands|\d+) a second\b/i, 'per second'],
  [/\bcommands that change\b/i, 'commands that write'],
  [/\b(service|process|replica) (ends|ended|is ending)\b/i, 'shut down, exit'],
]

/** The sandbox injects faults; all other texts write failure, or validation error. */
const FAULT: [RegExp, string] = [/\bfaults?\b/i, 'failure, validation error']

/** Pages about the sandbox's faults, and the glossary. */
const FAULT_PAGES = [
  'docs/reference/sandbox.md',
  'docs/reference/glossary.md',
  'docs/how-to/test-failures.md',
  'CONTRIBUTING.md',
]

/** Text without code: names and literals are what they are. */
const prose = (markdown: string) =>
  markdown.replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '').replaceAll(/`[^`\n]*`|\]\([^)]*\)/g, '')

/** What a text says in words that it should not use. */
function violations(where: string, text: string, avoided = [...AVOIDED, FAULT]): string[] {
  return avoided.flatMap(([pattern, instead]) => {
    const found = pattern.exec(text)
    if (!found) return []
    const context = text.slice(Math.max(0, found.index - 40), found.index + 40)
    return `${where}: "${context}": write ${instead}`
  })
}

/** The texts of an OpenAPI document. */
function textsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) =>
    typeof member === 'string' && ['description', 'summary', 'title'].includes(key)
      ? [member]
      : textsOf(member),
  )
}

const CONNECTOR_PAGES = readdirSync('connectors', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
  .map((name) => `connectors/${name}`)

t.test('documents use the words of the glossary', async (t) => {
  const pages = [...PAGES, 'CHANGELOG.md', 'SECURITY.md', ...CONNECTOR_PAGES]
  const found = pages.flatMap((page) => {
    const injectsFaults = FAULT_PAGES.includes(page)
    const text = prose(readFileSync(page, 'utf8'))
    return violations(page, text, injectsFaults ? AVOIDED : undefined)
  })
  t.same(found, [])
})

t.test('the OpenAPI document uses the words of the glossary', async (t) => {
  const document: unknown = JSON.parse(readFileSync('openapi/openapi.json', 'utf8'))
  const texts = [...new Set(textsOf(document))]
  t.ok(texts.length > 100)
  t.same(
    texts.flatMap((text) => violations('openapi.json', prose(text))),
    [],
  )
})

/** Text files below a folder, but for what other programs installed or compiled there. */
const filesBelow = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|js|mjs|py|sh|yaml|yml|json|cfg|html|css)$/.test(name))
    .filter((name) => !/node_modules|dist\//.test(name))
    .map((name) => `${folder}/${name}`)

t.test(
  'sources use the words of the glossary: comments, errors, hints, logs, metrics',
  async (t) => {
    const files = [
      ...['src', 'scripts', 'bench', 'connectors', 'deploy', '.github'].flatMap(filesBelow),
      'Dockerfile',
      'docker-compose.yml',
    ]
    t.ok(files.length > 300)
    const found = files.flatMap((file) => {
      const injectsFaults = /^(src\/sandbox|bench)\/|^docker-compose|aws-exceptions/.test(file)
      const text = readFileSync(file, 'utf8').replaceAll('$fault', '')
      return violations(file, text, injectsFaults ? AVOIDED : undefined)
    })
    t.same(found, [])
  },
)

t.test('titles and comments of tests use the words of the glossary', async (t) => {
  const files = filesBelow('test').filter((name) => name !== 'test/vocabulary.test.ts')
  const found = files.flatMap((file) => {
    const text = readFileSync(file, 'utf8')
    const titles = [...text.matchAll(/\bt\.test\(\s*(['"`])(.*?)\1/g)].map((match) => match[2])
    const comments = text.match(/^ *(\/\/|\/?\*).*$/gm) ?? []
    return [...titles, ...comments].flatMap((line = '') => violations(file, line, AVOIDED))
  })
  t.same(found, [])
})

t.test('a word of the other column is found', async (t) => {
  t.same(violations('page', 'The service told nobody.'), [
    'page: "The service told nobody.": write report, return, log',
  ])
})
