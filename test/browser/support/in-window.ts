import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'

import type { SeededStack } from '../../support/seeded-stack.ts'
import { type Look, windowFor } from './look.ts'
import { SEEDING_MS, seededStack } from './seeded.ts'
import { sharedChromium } from './shared-chromium.ts'
import { windowsOf } from './sign-in.ts'

const USUAL: Look = { theme: 'light', width: 1280 }

/** A browser in front of the seeded stack, for the tests of one suite. */
export interface Windows {
  readonly stack: () => SeededStack
  /** Does something in a window of somebody who has signed in, on this page of the console; of nobody when `as` is undefined. */
  on<T>(
    page: { readonly as: string | undefined; readonly path: string; readonly look?: Look },
    work: (page: Page) => Promise<T>,
  ): Promise<T>
}

/** Has a browser and the seeded stack ready for the tests of this suite, and closes the browser at the end. */
export function browserWindows(): Windows {
  let stack: SeededStack
  let browser: Browser | undefined
  let windows: ReturnType<typeof windowsOf>
  beforeAll(async () => {
    stack = await seededStack()
    browser = await sharedChromium()
    windows = windowsOf(browser, stack)
  }, SEEDING_MS)
  afterAll(() => browser?.close())
  return {
    stack: () => stack,
    on: async ({ as, path, look = USUAL }, work) => {
      if (browser === undefined) throw new Error('there is no browser')
      const context = await (as === undefined ? windowFor(browser, look) : windows(as, look))
      try {
        const page = await context.newPage()
        if (as !== undefined) await page.goto(`${stack.gateway}${path}`)
        return await work(page)
      } finally {
        await context.close()
      }
    },
  }
}
