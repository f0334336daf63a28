import t from 'tap'
import { docsPage } from '../../../src/routes/docs/page.js'

t.test('says what commands act on: AWS if any connection does', async (t) => {
  for (const [targets, banner, triesItOut] of [
    [['Sandbox'], '<strong>Sandbox.</strong>', true],
    [['Sandbox', 'AWS', 'Other endpoint'], '<strong>AWS<span id="accounts">', false],
    [['Other endpoint'], '<strong>An endpoint that is not AWS’s own.</strong>', false],
    [['Sandbox', 'Other endpoint'], '<strong>An endpoint that is not AWS’s own.</strong>', false],
  ] as const) {
    const page = docsPage(targets)
    t.ok(page.includes(banner), targets.join(', '))
    t.equal(page.match(/class="banner/g)?.length, 1)
    t.ok(page.includes(`data-try-it-out="${triesItOut}"`))
  }
})
