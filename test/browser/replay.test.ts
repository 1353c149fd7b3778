import { expect, test } from 'vitest'

import { inChromium } from './support/in-chromium.ts'
import { browserWindows } from './support/in-window.ts'
import { capacityPlan, replayed } from './support/replayed.ts'
import { SEEDING_MS, seededStack } from './support/seeded.ts'
import { tabTo } from './support/tab-to.ts'

test.each([{}, { asOf: 'then' }])(
  'a session of the seeded day gives the digests on the record: %j',
  async (more) => {
    const report = await replayed(await seededStack(), more)
    expect(report.calls.length).toBeGreaterThanOrEqual(10)
    for (const call of report.calls)
      expect(call).toMatchObject({
        state: 'run',
        decision: 'same',
        schema: 'same',
        rows: 'same',
        digest: 'same',
        rowsNow: call.rowsThen,
      })
    expect(report.verdict).toBe('same')
  },
  SEEDING_MS,
)

inChromium('replaying', () => {
  const windows = browserWindows()

  test('from a session to how it compares, with the keyboard alone', async () => {
    const session = await capacityPlan(windows.stack())
    await windows.on({ as: 'otto', path: `/console/sessions/${session}` }, async (page) => {
      await tabTo(page, page.getByRole('button', { name: 'Replay in the sandbox' }))
      await page.keyboard.press('Enter')
      await page.waitForURL('**/console/replays/**')
      const main = page.getByRole('main')
      expect(await main.textContent()).toContain('Everything that was run is decided the same')
      expect(await main.locator('.badge.bad').count()).toBe(0)
      expect(await main.locator('tbody tr').count()).toBeGreaterThanOrEqual(10)
      // Both calls are a link away.
      expect(await main.locator('tbody tr').first().locator('a').count()).toBe(2)
    })
  }, 60_000)

  test('whoever asked has no button for it', async () => {
    const session = await capacityPlan(windows.stack())
    await windows.on({ as: 'ana', path: `/console/sessions/${session}` }, async (page) => {
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('ana')
      expect(await page.getByRole('button', { name: 'Replay in the sandbox' }).count()).toBe(0)
    })
  }, 60_000)
})
