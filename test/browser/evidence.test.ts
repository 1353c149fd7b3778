import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { runSluice } from '../support/run-sluice.ts'
import { inChromium } from './support/in-chromium.ts'
import { browserWindows } from './support/in-window.ts'
import { shownOn } from './support/listed-pages.ts'

inChromium('evidence', () => {
  const windows = browserWindows()

  test('of a session is saved as a bundle that verifies without a server', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-bundle-'))
    try {
      const { session } = await shownOn(windows.stack())
      const bundle = join(folder, 'session.bundle')
      await windows.on({ as: 'otto', path: `/console/sessions/${session}` }, async (page) => {
        const saved = page.waitForEvent('download')
        await page.getByRole('link', { name: 'bundle with proofs' }).click()
        await (await saved).saveAs(bundle)
      })
      const trust = join(windows.stack().state, 'trust.json')
      const verdict = await runSluice('verify', bundle, '--trust', trust)
      expect(verdict).toMatchObject({ code: 0, err: '' })
      expect(verdict.out).toContain('sound')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }, 60_000)

  test('of the last days is verified while one waits', async () => {
    await windows.on({ as: 'otto', path: '/console/log' }, async (page) => {
      await page.getByLabel('What was committed in').selectOption('the last 7 days')
      await page.getByRole('button', { name: 'Verify now' }).click()
      await page.locator('#verdict').getByText('sound', { exact: true }).waitFor()
    })
  }, 60_000)
})
