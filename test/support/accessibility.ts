import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/**
 * What axe-core finds on a page that is critical or serious: rule, and the elements that break it.
 *
 * @param ignored rules that a framework breaks, and that its page cannot keep
 */
export async function accessibilityErrors(page: Page, ignored: string[] = []): Promise<string[]> {
  await page.evaluate(AXE)
  const isIgnored = JSON.stringify(ignored)
  return page.evaluate<
    string[]
  >(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations
      .filter(({ id, impact }) => (impact === 'critical' || impact === 'serious') && !${isIgnored}.includes(id))
      .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' ' + target.join(' ') + ' ' + failureSummary)))`)
}
