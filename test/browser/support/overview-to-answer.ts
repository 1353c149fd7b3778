import type { Page } from 'playwright-core'

/**
 * The clicks from the first page of the console to who read `patients.ssn`, through which agent, who approved it and what
 * they saw: the question, as it stands there, and of the answers those that somebody had to approve. Of the last 90 days:
 * yesterday may be in another quarter.
 */
export const overviewToAnswer: readonly ((page: Page) => Promise<void>)[] = [
  async (page) => {
    await page.locator('#question').getByRole('link', { name: 'in the last 90 days' }).click()
    await page.waitForURL('**/console/search?**column**')
  },
  async (page) => {
    await page.getByText('Narrow down').click()
  },
  async (page) => {
    await page.locator('.facets a[href*="decision=require-approval"]').click()
    await page.waitForURL('**/console/search?**decision=require-approval**')
  },
]
