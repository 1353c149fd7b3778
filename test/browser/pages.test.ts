import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { SeededStack } from '../support/seeded-stack.ts'
import { seriousFindings } from './support/axe.ts'
import { inChromium } from './support/in-chromium.ts'
import { keyboardWalk } from './support/keyboard-walk.ts'
import { type Shown, listedPages, shownOn } from './support/listed-pages.ts'
import { complaints, looks, overflow, picture } from './support/look.ts'
import { SEEDING_MS, seededStack } from './support/seeded.ts'
import { sharedChromium } from './support/shared-chromium.ts'
import { windowsOf } from './support/sign-in.ts'

/** Far more than a page needs: other tests may have the machine. */
const PATIENT_MS = 120_000

/** As narrow as any. */
const NARROW = 390

/** A page, and what came of opening it. */
interface Opened {
  readonly page: Page
  readonly status: number | undefined
  readonly heard: readonly string[]
}

inChromium('every page', () => {
  let stack: SeededStack
  let browser: Browser
  let windows: ReturnType<typeof windowsOf>
  let shown: Shown

  const open = async (as: string, path: string, width: number): Promise<Opened> => {
    const page = await (await windows(as, { theme: 'light', width })).newPage()
    const heard = complaints(page)
    const response = await page.goto(`${stack.gateway}${path}`)
    return { page, status: response?.status(), heard }
  }

  beforeAll(async () => {
    stack = await seededStack()
    browser = await sharedChromium()
    windows = windowsOf(browser, stack)
    shown = await shownOn(stack)
  }, SEEDING_MS)
  afterAll(() => browser?.close())

  describe.each(listedPages)('$name', ({ name, as, path }) => {
    const opened = new Map<number, Promise<Opened>>()
    /** Once for each width, as scripts fold what is beside the results where it is narrow. */
    const at = (width: number): Promise<Opened> => {
      const known = opened.get(width) ?? open(as, path(shown), width)
      opened.set(width, known)
      return known
    }
    afterAll(async () => {
      for (const one of opened.values()) await (await one).page.context().close()
    })

    test.each(looks)(
      '$theme, $width px wide',
      async (look) => {
        const { page, status, heard } = await at(look.width)
        await page.emulateMedia({ colorScheme: look.theme })
        await picture(page, name, look)
        expect(status).toBe(200)
        expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
        // A theme is other colours, and nothing else.
        const concern = look.theme === 'light' ? 'everything' : 'colours'
        expect(await seriousFindings(page, concern)).toEqual([])
        expect(await overflow(page)).toBeUndefined()
        expect(heard).toEqual([])
      },
      PATIENT_MS,
    )

    test(
      'with the keyboard alone',
      async () => {
        const { page } = await at(NARROW)
        await page.emulateMedia({ colorScheme: 'light' })
        await page.setViewportSize({ width: 1280, height: 1000 })
        expect(await overflow(page)).toBeUndefined()
        const walk = await keyboardWalk(page)
        expect(walk).toMatchObject({ unreached: [], unseen: [], trap: undefined })
        expect(walk.stops[0]).toBe('a Skip to content')
      },
      PATIENT_MS,
    )
  })
})
