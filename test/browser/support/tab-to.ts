import type { Locator, Page } from 'playwright-core'

const MOST = 300

/** Presses the Tab key until this element has the focus. Rejects when it never has. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  const there = target.and(page.locator(':focus'))
  for (let n = 0; n < MOST; n += 1) {
    // oxlint-disable-next-line no-await-in-loop -- key by key
    await page.keyboard.press('Tab')
    // oxlint-disable-next-line no-await-in-loop
    if ((await there.count()) > 0) return
  }
  throw new Error(`the Tab key never reaches \`${String(target)}\``)
}
