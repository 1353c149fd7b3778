import { expect, test } from 'vitest'

import { askGateway, held } from './support/ask-gateway.ts'
import { inChromium } from './support/in-chromium.ts'
import { browserWindows } from './support/in-window.ts'
import { tabTo } from './support/tab-to.ts'

inChromium('deciding', () => {
  const windows = browserWindows()
  const stateOf = async (id: string): Promise<unknown> => {
    const view = await askGateway(windows.stack(), 'petra', `/v1/approvals/${id}`)
    return typeof view === 'object' && view !== null && 'state' in view ? view.state : undefined
  }

  test('yes: from the list to the rows', async () => {
    const id = await held(windows.stack())
    await windows.on({ as: 'petra', path: '/console/approvals' }, async (page) => {
      await page.locator(`a[href="/console/approvals/${id}"]`).click()
      expect(await page.getByRole('main').textContent()).toContain('acme.hospital.claims')
      await page.getByRole('button', { name: 'Approve' }).click()
      await page.getByText('Your yes counts, and is on the record.').waitFor()
    })
    expect(['active', 'ended']).toContain(await stateOf(id))
  })

  test('no, with a reason', async () => {
    const id = await held(windows.stack())
    await windows.on({ as: 'petra', path: `/console/approvals/${id}` }, async (page) => {
      await page.getByRole('button', { name: 'Deny' }).click()
      // The browser asks for the reason; nothing was sent.
      expect(await stateOf(id)).toBe('approval-awaited')
      await page.getByLabel('Why not').fill('ask for totals instead')
      await page.getByRole('button', { name: 'Deny' }).click()
      await page.getByText('Your no counts, and is on the record. It will not run.').waitFor()
    })
    expect(await stateOf(id)).toBe('denied')
  })

  test('yes, with the keyboard alone', async () => {
    const id = await held(windows.stack())
    await windows.on({ as: 'petra', path: '/console/approvals' }, async (page) => {
      await tabTo(page, page.locator(`a[href="/console/approvals/${id}"]`))
      await page.keyboard.press('Enter')
      await page.waitForURL(`**/console/approvals/${id}`)
      await tabTo(page, page.getByRole('button', { name: 'Approve' }))
      await page.keyboard.press('Enter')
      await page.getByText('Your yes counts, and is on the record.').waitFor()
    })
    expect(['active', 'ended']).toContain(await stateOf(id))
  })

  test('whoever only reads the record has no say', async () => {
    const id = await held(windows.stack())
    await windows.on({ as: 'otto', path: `/console/approvals/${id}` }, async (page) => {
      expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0)
      expect(await page.getByRole('button', { name: 'Deny' }).count()).toBe(0)
    })
    expect(await stateOf(id)).toBe('approval-awaited')
  })
})
