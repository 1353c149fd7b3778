import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import type { Browser, BrowserContext, Page } from 'playwright-core'

/** How somebody looks at a page. */
export interface Look {
  readonly theme: 'light' | 'dark'
  /** Of the window, in CSS pixels. */
  readonly width: number
}

/** Every page is looked at in each of these ways. */
export const looks: readonly Look[] = [
  { theme: 'light', width: 1920 },
  { theme: 'dark', width: 1920 },
  { theme: 'light', width: 390 },
  { theme: 'dark', width: 390 },
]

const HEIGHT = 1000
const FOLDER = join(import.meta.dirname, '../../../test-results/screenshots')

/** A window of its own, with no cookies but these. The zone and the language are the same on every machine. */
export function windowFor(
  browser: Browser,
  { theme, width }: Look,
  cookies: Awaited<ReturnType<BrowserContext['storageState']>> = { cookies: [], origins: [] },
): Promise<BrowserContext> {
  return browser.newContext({
    viewport: { width, height: HEIGHT },
    colorScheme: theme,
    timezoneId: 'Europe/Zurich',
    locale: 'en-GB',
    reducedMotion: 'reduce',
    storageState: cookies,
  })
}

/** Keeps a picture of the whole page as `test-results/screenshots/<name>-<theme>-<width>.png`. */
export async function picture(page: Page, name: string, { theme, width }: Look): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  await page.screenshot({ path: join(FOLDER, `${name}-${theme}-${width}.png`), fullPage: true })
}

/** By how many pixels the page is wider than its window, and which elements stick out most; undefined when it fits. */
export async function overflow(page: Page): Promise<string | undefined> {
  const found = await page.evaluate(`(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return null
    const out = [...document.body.querySelectorAll('*')]
      .map((element) => ({ element, right: element.getBoundingClientRect().right }))
      .filter(({ right }) => right > clientWidth + 1)
      .slice(0, 5)
      .map(({ element, right }) => element.tagName.toLowerCase() + '.' + element.className + ' to ' + Math.round(right))
    return (scrollWidth - clientWidth) + ' px too wide: ' + out.join(', ')
  })()`)
  return typeof found === 'string' ? found : undefined
}

/** Everything the page complains about from now on: errors of scripts, and what its policy for content refuses. */
export function complaints(page: Page): readonly string[] {
  const heard: string[] = []
  page.on('pageerror', (error) => heard.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') heard.push(message.text())
  })
  return heard
}
