import t from 'tap'
import { accessibilityErrors } from '../support/accessibility.js'
import {
  browserErrors,
  LOOK_AT,
  SCREENSHOTS,
  startBrowser,
  takeScreenshot,
} from '../support/browser.js'
import { needs } from '../support/needs.js'
import { startSandboxService, type TestService } from '../support/service.js'

needs('chromium')

const QUOTAS = { QUOTA_READ_TPS: '10', QUOTA_LOOKUP_TPS: '2', QUOTA_WRITE_TPS: '1' }

t.test(
  'the status page shows quota use and outcomes, and the browser reports no error',
  async (t) => {
    const service = await startSandboxService(t, QUOTAS)
    if (SCREENSHOTS) await useTheQuota(service)
    await service.run('list-trails')
    await service.run('get-trail-status', {
      trailNames: ['management-events', 'data-events', 'no-such-trail'],
    })
    await service.run('get-trails', { trailNames: ['no-such-trail'] })
    await service.run('lookup-events', { limit: 60 })
    await service.run('stop-logging', { trailNames: ['data-events'] })
    const browser = await startBrowser(t)
    const page = await browser.newPage({ viewport: { width: 1200, height: 1000 } })
    const errors = browserErrors(page)
    await page.goto(service.url)
    await page.reload()
    // the plots are drawn from samples, which are taken every two seconds
    while ((await page.locator('svg.plot').count()) < 3) await page.reload()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await takeScreenshot(page, `status-${colorScheme}`)
    }
    t.match(await page.locator('.notice').textContent(), /Sandbox/)
    const rows = page.locator('section:has(#recent) tbody tr')
    if (!SCREENSHOTS) t.equal(await rows.count(), 5)
    t.match(await rows.nth(0).textContent(), /stop-logging\s+Successful/)
    t.match(await rows.nth(2).textContent(), /get-trails\s+Failed\s+400 TrailNotFoundException/)
    t.match(await rows.nth(3).textContent(), /get-trail-status\s+Partially Successful/)
    t.same(await page.locator('section h3').allTextContents(), [
      'lookup us-east-1',
      'read us-east-1',
      'write us-east-1',
    ])
    t.same(errors, [], 'the content security policy blocks nothing that the page needs')
  },
)

t.test(
  'the status page refreshes itself with JavaScript, and is complete without it',
  async (t) => {
    const service = await startSandboxService(t)
    const browser = await startBrowser(t)
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } })
    await page.goto(service.url)
    t.match(await page.locator('pre').textContent(), `curl -s ${service.url}/commands/list-trails`)
    await takeScreenshot(page, 'status-empty')
    await service.run('list-trails')
    await page.locator('section:has(#recent) tbody tr').waitFor({ timeout: 30_000 })
    const plain = await browser.newContext({ javaScriptEnabled: false })
    const still = await plain.newPage()
    await still.goto(service.url)
    t.match(await still.locator('section:has(#recent) tbody').textContent(), /list-trails/)
  },
)

t.test(
  'the status page meets accessibility rules: landmarks, headings, focus order, contrast, small screens',
  async (t) => {
    const service = await startSandboxService(t)
    await service.run('get-trails', { trailNames: ['management-events', 'none-such'] })
    const browser = await startBrowser(t)
    const page = await browser.newPage({ viewport: { width: 360, height: 700 } })
    await page.goto(service.url)
    for (const role of ['banner', 'navigation', 'main', 'contentinfo'] as const) {
      t.equal(await page.getByRole(role).count(), 1, role)
    }
    t.equal(await page.getByRole('heading', { level: 1 }).count(), 1)
    t.equal(await page.locator('th:not([scope])').count(), 0, 'every header cell has a scope')
    t.equal(await page.getByRole('columnheader').first().textContent(), 'Name')
    await page.keyboard.press('Tab')
    t.match(
      await page.locator(':focus').textContent(),
      /Skip/,
      'the first tab stop is the skip link',
    )
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
    t.ok(Number(await page.evaluate(overflow)) <= 0, 'a narrow screen does not scroll sideways')
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const faint = await page.evaluate<string[]>(FAINT_TEXTS)
      t.same(faint, [], `every text has a contrast of at least 4.5, ${colorScheme}`)
    }
  },
)

t.test(
  'axe finds nothing critical or serious, and nothing is clipped, on any screen',
  async (t) => {
    const service = await startSandboxService(t)
    await service.run('list-trails')
    await service.run('stop-logging', { trailNames: ['data-events'], dryRun: true })
    await service.run('get-trails', { trailNames: ['management-events', 'none-such'] })
    await service.run('get-trails', { trailNames: [] })
    const browser = await startBrowser(t)
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ] as const) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await browser.newPage({ viewport: { width, height }, colorScheme })
        await page.goto(service.url)
        t.same(await accessibilityErrors(page), [], `${width} ${colorScheme}`)
        const clipped = await page.evaluate<string[]>(CLIPPED)
        t.same(clipped, [], `${width} ${colorScheme}: nothing is clipped`)
        await takeScreenshot(page, `status-${width}-${colorScheme}`, LOOK_AT)
        await page.close()
      }
    }
  },
)

/** Runs in the page: elements whose content is wider than they are, and texts of plots that reach out of them. */
const CLIPPED = `[document.documentElement, ...document.querySelectorAll('main, main *:not(svg *, pre, thead, thead *)')]
  .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1)
  .concat([...document.querySelectorAll('svg text')].filter((text) => {
    const [own, svg] = [text, text.ownerSVGElement].map((element) => element.getBoundingClientRect())
    return own.left < svg.left || own.right > svg.right + 1
  }))
  .map((element) => element.outerHTML.slice(0, 100))`

/** Runs in the page: texts whose contrast with their background is below 4.5, the minimum of WCAG 2.2 AA. */
const FAINT_TEXTS = `(() => {
  const rgb = (color) => color.match(/[\\d.]+/g).map(Number)
  const light = (color) => {
    const [r, g, b] = rgb(color).slice(0, 3).map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const groundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor
      if (rgb(color)[3] !== 0) return color
    }
    return 'rgb(255, 255, 255)'
  }
  return [...document.querySelectorAll('body *:not(svg *)')].filter((element) => {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) return false
    const [dark, bright] = [light(getComputedStyle(element).color), light(groundOf(element))].sort((a, b) => a - b)
    return (bright + 0.05) / (dark + 0.05) < 4.5
  }).map((element) => element.textContent)
})()`

/** Runs commands for 150 seconds, so that the screenshots show quota use. */
async function useTheQuota(service: TestService): Promise<void> {
  const end = performance.now() + 150_000
  const names = Array.from({ length: 40 }, (_, index) => `trail-${index}`)
  for (let round = 0; performance.now() < end; round += 1) {
    const reads = names.slice(0, 10 + ((round * 7) % 30))
    await Promise.all([
      service.run('get-trail-status', { trailNames: reads }),
      service.run('lookup-events', { limit: 50 * (1 + (round % 4)) }),
      round % 3 === 0 && service.run('start-logging', { trailNames: ['data-events'] }),
    ])
    await new Promise((resolve) => setTimeout(resolve, 500 + ((round * 37) % 5) * 800))
  }
}
