import type { Page } from 'playwright-core'

/**
 * The clicks from the first page of the console to who read `patients.ssn`, through which agent, who approved it and what
 * they saw: the table, its column, the newest call that somebody approved.
 */
export const overviewToAnswer: readonly ((page: Page) => Promise<void>)[] = [
  async (page) => {
    await page.locator('main a', { hasText: 'acme.hospital.patients' }).first().click()
    await page.waitForURL('**/console/**patients**')
  },
  async (page) => {
    await page.locator('main a[href*="column="]', { hasText: /ssn/ }).first().click()
    await page.waitForURL('**/console/search?**column**')
  },
  async (page) => {
    await page
      .locator('main tr', { hasText: 'petra' })
      .locator('a[href^="/console/calls/"]')
      .first()
      .click()
    await page.waitForURL('**/console/calls/**')
  },
]
