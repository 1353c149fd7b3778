import { expect, test } from 'vitest'

import { inChromium } from './support/in-chromium.ts'
import { browserWindows } from './support/in-window.ts'
import { fillIn, signIn } from './support/sign-in.ts'

inChromium('signing in', () => {
  const windows = browserWindows()

  test('leads through the issuer to the page that was asked for', async () => {
    await windows.on({ as: undefined, path: '' }, async (page) => {
      const { gateway } = windows.stack()
      await signIn(page, windows.stack(), 'otto', '/console/sessions')
      expect(page.url()).toBe(`${gateway}/console/sessions`)
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Sessions')
      const cookies = await page.context().cookies(`${gateway}/console`)
      const session = cookies.find(({ httpOnly }) => httpOnly)
      expect(session).toMatchObject({
        httpOnly: true,
        sameSite: expect.stringMatching(/Lax|Strict/),
      })
      expect(await page.evaluate<string>('document.cookie')).not.toContain(session?.value)
    })
  })

  test('stays at the issuer with another secret', async () => {
    await windows.on({ as: undefined, path: '' }, async (page) => {
      const { gateway, issuer } = windows.stack()
      await page.goto(`${gateway}/console`)
      await page.waitForURL((url) => url.href.startsWith(issuer))
      await fillIn(page, 'otto', 'guessed')
      await page.getByRole('alert').waitFor()
      expect(page.url().startsWith(issuer)).toBe(true)
    })
  })

  test('ends when one signs out, and the page before is not to be had any more', async () => {
    await windows.on({ as: undefined, path: '' }, async (page) => {
      const { gateway, issuer } = windows.stack()
      await signIn(page, windows.stack(), 'otto')
      await page.locator('header.top summary').last().click()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.waitForURL(`${gateway}/console/signed-out`)
      await page.context().clearCookies({ domain: new URL(issuer).hostname })
      await page.goto(`${gateway}/console/sessions`)
      await page.waitForURL((url) => url.href.startsWith(issuer))
    })
  })
})
