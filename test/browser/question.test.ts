import { expect, test } from 'vitest'

import { inChromium } from './support/in-chromium.ts'
import { browserWindows } from './support/in-window.ts'
import { overviewToAnswer } from './support/overview-to-answer.ts'
import { tabTo } from './support/tab-to.ts'

inChromium('the question of an auditor', () => {
  const windows = browserWindows()

  test('who read patients.ssn, through which agent, who approved it, what they saw: three clicks', async () => {
    await windows.on({ as: 'otto', path: '/console' }, async (page) => {
      let clicks = 0
      for (const click of overviewToAnswer) {
        // oxlint-disable-next-line no-await-in-loop -- one click after another
        await click(page)
        clicks += 1
      }
      expect(clicks).toBeLessThanOrEqual(3)
      const answer = (await page.getByRole('main').textContent()) ?? ''
      // Who, through what, by whose leave, and under which mask.
      for (const part of ['mcp-agent', 'genai-toolbox', 'petra', 'LAST_FOUR_CHARACTERS', 'ssn'])
        expect(answer).toContain(part)
    })
  }, 60_000)

  test('from a search to a call with the keyboard alone', async () => {
    await windows.on({ as: 'otto', path: '/console' }, async (page) => {
      await page.keyboard.press('/')
      await page.keyboard.type('column:patients.ssn')
      await page.keyboard.press('Enter')
      await page.waitForURL('**/console/search?**')
      await tabTo(page, page.locator('main a[href^="/console/calls/"]').first())
      await page.keyboard.press('Enter')
      await page.waitForURL('**/console/calls/**')
      expect(await page.getByRole('main').textContent()).toContain('ssn')
    })
  }, 60_000)
})
