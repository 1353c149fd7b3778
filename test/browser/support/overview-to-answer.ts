import type { Page } from 'playwright-core'

/**
 * The clicks from the first page of the console to who read `patients.ssn`, through which agent, who approved it and what
 * they saw: the tables, the one of patients, its column.
 */
export const overviewToAnswer: readonly ((page: Page) => Promise<void>)[] = [
  async (page) => {
    await page.locator('aside a[href="/console/tables"]').click()
    await page.waitForURL('**/console/tables')
  },
  async (page) => {
    await page.locator('main a[href="/console/tables/acme.hospital.patients"]').first().click()
    await page.waitForURL('**/console/tables/acme.hospital.patients')
  },
  async (page) => {
    await page.locator('main a[href*="?column="]', { hasText: 'ssn' }).first().click()
    await page.waitForURL('**/console/search?**column**')
  },
]
