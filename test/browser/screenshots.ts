/**
 * `npm run screenshots`: makes the pictures of the README, `docs/console-*.png`, from a stack that is seeded for it. They
 * show yesterday; all else is the same each time.
 */
import { join } from 'node:path'

import type { Page } from 'playwright-core'

import { chromiumPath, launchChromium } from '../support/chromium.ts'
import { startSeededStack } from '../support/seeded-stack.ts'
import { held } from './support/ask-gateway.ts'
import { shownOn } from './support/listed-pages.ts'
import { overviewToAnswer } from './support/overview-to-answer.ts'
import { windowsOf } from './support/sign-in.ts'

const DOCS = join(import.meta.dirname, '../../docs')
const LOOK = { theme: 'light', width: 1280 } as const

const chromium = chromiumPath(process.env)
if (chromium === undefined) {
  process.stderr.write('error: no Chromium here; install it, or name it in CHROMIUM\n')
  process.exit(1)
}
process.stdout.write('seeding a day of traffic\n')
const stack = await startSeededStack()
const browser = await launchChromium(chromium)
try {
  const windows = windowsOf(browser, stack)
  const shown = await shownOn(stack)
  const auditor = await (await windows('otto', LOOK)).newPage()
  await auditor.goto(`${stack.gateway}/console`)
  await take(auditor, 'overview')
  const names = ['search', undefined, 'answer']
  for (const [index, click] of overviewToAnswer.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- one click after another
    await click(auditor)
    const name = names[index]
    // oxlint-disable-next-line no-await-in-loop
    if (name !== undefined) await take(auditor, name)
  }
  await auditor.goto(`${stack.gateway}/console/calls/${shown.call}`)
  await take(auditor, 'call')
  await auditor.goto(`${stack.gateway}/console/sessions/${shown.session}`)
  await take(auditor, 'session')
  const approver = await (await windows('petra', LOOK)).newPage()
  await approver.goto(`${stack.gateway}/console/approvals/${await held(stack)}`)
  await take(approver, 'approval')
} finally {
  await browser.close()
  await stack.stop()
}

/** A picture of the top of a page. */
async function take(page: Page, name: string): Promise<void> {
  const path = join(DOCS, `console-${name}.png`)
  await page.evaluate('document.fonts.ready.then(() => document.activeElement?.blur())')
  await page.screenshot({ path, clip: { x: 0, y: 0, width: LOOK.width, height: 860 } })
  process.stdout.write(`${path}\n`)
}
