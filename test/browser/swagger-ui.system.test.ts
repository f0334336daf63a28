import type { Page } from 'playwright-core'
import t from 'tap'
import { accessibilityErrors } from '../support/accessibility.js'
import { browserErrors, LOOK_AT, startBrowser, takeScreenshot } from '../support/browser.js'
import { keysFile } from '../support/keys.js'
import { needs } from '../support/needs.js'
import { ACCESS_KEY, startSandboxService, startService } from '../support/service.js'

needs('chromium')

const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } }

/** A command of the page, opened. */
async function open(page: Page, id: string) {
  const operation = page.locator(`[id^='operations-'][id$='-${id}']`)
  await operation.locator('.opblock-summary-control').click()
  await operation.locator('.responses-table').first().waitFor()
  return operation
}

t.test(
  'Swagger UI authorizes, runs Create Trails and shows its envelope, and the browser reports no error',
  async (t) => {
    const service = await startSandboxService(t)
    const browser = await startBrowser(t)
    const page = await browser.newPage({ viewport: SIZES.wide })
    const errors = browserErrors(page)
    await page.goto(`${service.url}/docs`)
    await page.locator('.opblock').first().waitFor()
    t.match(await page.locator('.banner').textContent(), /Sandbox/)
    await takeScreenshot(page, 'swagger-ui')
    t.equal(await page.title(), 'CloudTrail commands: API')
    t.equal(await page.locator('.topbar, .download-url-wrapper').count(), 0, 'no Explore bar')
    t.equal(await page.locator('header a').first().getAttribute('href'), '/')

    await page.locator('.auth-wrapper button.authorize').first().click()
    await page.locator('.auth-container input').first().fill('a-key-for-the-test')
    await page.locator('.auth-container button[type=submit]').click()
    await page.locator('.auth-container button.btn-done').click()

    const operation = await open(page, 'createTrails')
    const sent = page.waitForRequest((request) => request.url().endsWith('/commands/create-trails'))
    await operation.locator('button.execute').click()
    const request = await sent
    t.equal(request.headers().authorization, 'Bearer a-key-for-the-test')
    t.match(request.postDataJSON(), { dryRun: true }, 'the first example is a dry run')
    const response = await request.response()
    t.equal(response?.status(), 207, 'the example has a name that is too short')
    const shown = operation.locator('.live-responses-table .highlight-code').first()
    await shown.waitFor()
    t.match(await shown.textContent(), /"returnData": "Partially Successful"/)
    await operation.locator('.live-responses-table').scrollIntoViewIfNeeded()
    await takeScreenshot(page, 'swagger-ui-create-trails')
    t.same(errors, [])
  },
)

t.test('on AWS nothing can be sent before it is asked for, and the account is named', async (t) => {
  const { file, made } = keysFile(t)
  const service = await startService(t, {
    AUTH: 'api-key',
    API_KEYS_FILE: file,
    CLOUDTRAIL_ACCESS_KEY: ACCESS_KEY,
    CLOUDTRAIL_ACCESS_SECRET: 'not-a-secret',
  })
  const browser = await startBrowser(t)
  const page = await browser.newPage({ viewport: SIZES.wide })
  await page.goto(`${service.url}/docs`)
  const operation = await open(page, 'stopLogging')
  t.equal(await operation.locator('button.execute').count(), 0)
  t.equal(await operation.locator('button.try-out__btn').count(), 1)
  const banner = page.locator('.banner')
  t.match(await banner.textContent(), /^\s*AWS\./, 'no account without a key')
  await page.locator('.auth-wrapper button.authorize').first().click()
  await page.locator('.auth-container input').first().fill(made.read.key)
  await page.locator('.auth-container button[type=submit]').click()
  await page.locator('#accounts', { hasText: '111122223333 (default, us-east-1)' }).waitFor()
})

/** What is used of a browser's globals. */
interface BrowserGlobals {
  getComputedStyle(element: unknown): { backgroundColor: string }
}

t.test('an opened command is less than 3,000 px high, and writes differ from reads', async (t) => {
  const service = await startSandboxService(t)
  const browser = await startBrowser(t)
  const page = await browser.newPage({ viewport: SIZES.wide })
  await page.goto(`${service.url}/docs`)
  const colorOf = async (id: string) => {
    const method = page.locator(`[id$='-${id}'] .opblock-summary-method`)
    return method.evaluate(
      (element) =>
        (globalThis as unknown as BrowserGlobals).getComputedStyle(element).backgroundColor,
    )
  }
  await page.locator('.opblock').first().waitFor()
  t.not(await colorOf('createTrails'), await colorOf('getTrails'))
  for (const id of ['createTrails', 'putEventSelectors', 'lookupEvents']) {
    const operation = await open(page, id)
    const height = (await operation.boundingBox())?.height ?? Infinity
    t.ok(height < 3000, `${id}: ${height} px`)
    t.comment(`${id}: ${Math.round(height)} px`)
  }
  await page.locator('.operation-filter-input').fill('selectors')
  await page.locator("[id$='-createTrails']").waitFor({ state: 'detached' })
  t.equal(await page.locator('.opblock').count(), 4, 'the filter finds commands by their title')
})

t.test('its files are compressed, and not sent again to a browser that has them', async (t) => {
  const service = await startSandboxService(t)
  const page = await (await service.fetch('/docs')).text()
  let bytes = 0
  for (const [, path = ''] of page.matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)) {
    const first = await service.fetch(path, { headers: { 'accept-encoding': 'gzip' } })
    t.equal(first.status, 200, path)
    t.equal(first.headers.get('content-encoding'), 'gzip')
    t.not(first.headers.get('cache-control'), 'no-store')
    bytes += Number(first.headers.get('content-length'))
    const etag = first.headers.get('etag') ?? ''
    const again = await service.fetch(path, { headers: { 'if-none-match': etag } })
    t.equal(again.status, 304, path)
    t.equal(await again.text(), '')
  }
  t.comment(`${bytes} bytes`)
  t.ok(bytes < 700_000, `${bytes} bytes`)
})

t.test('axe finds nothing critical or serious, on wide and narrow, light and dark', async (t) => {
  const service = await startSandboxService(t)
  const browser = await startBrowser(t)
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({ viewport, colorScheme })
      const started = performance.now()
      await page.goto(`${service.url}/docs`)
      await page.locator('.opblock').first().waitFor()
      t.comment(`${size} ${colorScheme}: open after ${Math.round(performance.now() - started)} ms`)
      await takeScreenshot(page, `docs-${size}-${colorScheme}`, LOOK_AT)
      await open(page, 'stopLogging')
      // Swagger UI has a link in the button that opens a command
      const found = await accessibilityErrors(page, ['nested-interactive'])
      t.same(found, [], `${size} ${colorScheme}`)
      t.same(await page.evaluate(COVERING), [], `${size} ${colorScheme}: no line covers another`)
      await takeScreenshot(page, `docs-${size}-${colorScheme}-opened`, LOOK_AT)
      await page.close()
    }
  }
})

/** Runs in the page: code in texts that is higher than its line, and so covers the lines around it. */
const COVERING = `[...document.querySelectorAll('.markdown :is(p, li) code, .renderedMarkdown :is(p, li) code')]
  .filter((code) => [...code.getClientRects()].some(({ height }) => !(height <= parseFloat(getComputedStyle(code.parentElement).lineHeight))))
  .map((code) => code.textContent)`
