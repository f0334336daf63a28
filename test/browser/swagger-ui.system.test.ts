import t from 'tap'
import { browserErrors, startBrowser, takeScreenshot } from '../support/browser.js'
import { needs } from '../support/needs.js'
import { startSandboxService } from '../support/service.js'

needs('chromium')

t.test(
  'Swagger UI authorizes, runs Create Trails and shows its envelope, and the browser reports no error',
  async (t) => {
    const service = await startSandboxService(t)
    const browser = await startBrowser(t)
    const page = await browser.newPage({ viewport: { width: 1200, height: 1000 } })
    const errors = browserErrors(page)
    await page.goto(`${service.url}/docs`)
    await page.locator('#operations-Change-createTrails').waitFor()
    await takeScreenshot(page, 'swagger-ui')

    await page.locator('.auth-wrapper button.authorize').first().click()
    await page.locator('.auth-container input').first().fill('a-key-for-the-test')
    await page.locator('.auth-container button[type=submit]').click()
    await page.locator('.auth-container button.btn-done').click()

    const operation = page.locator('#operations-Change-createTrails')
    await operation.locator('.opblock-summary-control').click()
    const sent = page.waitForRequest((request) => request.url().endsWith('/commands/create-trails'))
    await operation.locator('button.execute').click()
    const request = await sent
    t.equal(request.headers().authorization, 'Bearer a-key-for-the-test')
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
