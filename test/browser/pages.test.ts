import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { launchChromium } from '../support/chromium.ts'
import type { SeededStack } from '../support/seeded-stack.ts'
import { seriousFindings } from './support/axe.ts'
import { inChromium } from './support/in-chromium.ts'
import { keyboardWalk } from './support/keyboard-walk.ts'
import { type Shown, listedPages, shownOn } from './support/listed-pages.ts'
import { complaints, looks, overflow, picture } from './support/look.ts'
import { SEEDING_MS, seededStack } from './support/seeded.ts'
import { windowsOf } from './support/sign-in.ts'

/** Far more than a page needs: other tests may have the machine. */
const PATIENT_MS = 120_000

inChromium('every page', (chromium) => {
  let stack: SeededStack
  let browser: Browser
  let windows: ReturnType<typeof windowsOf>
  let shown: Shown

  beforeAll(async () => {
    stack = await seededStack()
    browser = await launchChromium(chromium)
    windows = windowsOf(browser, stack)
    shown = await shownOn(stack)
  }, SEEDING_MS)
  afterAll(() => browser?.close())

  describe.each(listedPages)('$name', ({ name, as, path }) => {
    test.each(looks)(
      '$theme, $width px wide',
      async (look) => {
        const context = await windows(as, look)
        try {
          const page = await context.newPage()
          const heard = complaints(page)
          const response = await page.goto(`${stack.gateway}${path(shown)}`)
          await picture(page, name, look)
          expect(response?.status()).toBe(200)
          expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
          expect(await seriousFindings(page)).toEqual([])
          expect(await overflow(page)).toBeUndefined()
          expect(heard).toEqual([])
        } finally {
          await context.close()
        }
      },
      PATIENT_MS,
    )

    test(
      'with the keyboard alone',
      async () => {
        const context = await windows(as, { theme: 'light', width: 1280 })
        try {
          const page = await context.newPage()
          await page.goto(`${stack.gateway}${path(shown)}`)
          expect(await overflow(page)).toBeUndefined()
          const walk = await keyboardWalk(page)
          expect(walk).toMatchObject({ unreached: [], unseen: [], trap: undefined })
          expect(walk.stops[0]).toBe('a Skip to content')
        } finally {
          await context.close()
        }
      },
      PATIENT_MS,
    )
  })
})
