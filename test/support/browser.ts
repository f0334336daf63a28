import { mkdir } from 'node:fs/promises'
import { chromium, type Browser, type Page } from 'playwright-core'
import type { Test } from 'tap'

/** Options that keep Chromium from calling home: the network of the machine may be closed. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts Debian's Chromium, or the browser that CHROMIUM names, until the test ends. */
export async function startBrowser(t: Test): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: ARGUMENTS,
    timeout: 40_000,
  })
  t.teardown(() => browser.close())
  return browser
}

/** Collects the errors and warnings of a page's console, its exceptions, and its failed requests. */
export function browserErrors(page: Page): string[] {
  const errors: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('requestfailed', (request) => {
    // a page that is loaded again aborts what it was loading
    if (request.failure()?.errorText === 'net::ERR_ABORTED') return
    errors.push(`${request.method()} ${request.url()}`)
  })
  return errors
}

/** Whether this run takes the screenshots for the docs. */
export const SCREENSHOTS = process.env.SCREENSHOTS !== undefined

/** Where screenshots are kept that are looked at, and not shown in the docs. */
export const LOOK_AT = '.build/screenshots'

/** Takes a screenshot in a run of `npm run screenshots`; other runs change no file. */
export async function takeScreenshot(
  page: Page,
  name: string,
  folder = 'docs/images',
): Promise<void> {
  if (!SCREENSHOTS) return
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled' })
}
