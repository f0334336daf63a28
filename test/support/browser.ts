import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { chromium, type Browser, type Page } from 'playwright-core'
import type { Test } from 'tap'

/** Debian's Chromium, or another that is named by CHROMIUM. */
const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Headless, and calling nobody: the machine's network may be closed. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Options of `t.test()`: without Chromium a test is skipped on a developer's machine, and fails in CI. */
export const NEEDS_CHROMIUM =
  existsSync(EXECUTABLE) || process.env.CI
    ? { timeout: process.env.SCREENSHOTS === undefined ? 60_000 : 240_000 }
    : { skip: `needs Chromium at ${EXECUTABLE} (apt-get install chromium)` }

/** Starts a browser, ended with the test. */
export async function startBrowser(t: Test): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: EXECUTABLE,
    headless: true,
    args: ARGUMENTS,
    timeout: 40_000,
  })
  t.teardown(() => browser.close())
  return browser
}

/** Everything that a page complains of: errors and warnings of its console, exceptions, requests that failed. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('requestfailed', (request) => complaints.push(`${request.method()} ${request.url()}`))
  return complaints
}

/** Whether this run takes the pictures for the docs. */
export const SCREENSHOTS = process.env.SCREENSHOTS !== undefined

/** Takes a picture for the docs, when `npm run screenshots` asks for them; tests alone change no file. */
export async function takeScreenshot(page: Page, name: string): Promise<void> {
  if (!SCREENSHOTS) return
  await mkdir('docs/images', { recursive: true })
  await page.screenshot({ path: `docs/images/${name}.png`, animations: 'disabled' })
}
