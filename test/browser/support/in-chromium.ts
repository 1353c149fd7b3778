import { describe } from 'vitest'

import { chromiumPath } from '../../support/chromium.ts'

/** A suite that gets the Chromium to start; where no Chromium is, it is skipped, and its name says why. */
export function inChromium(name: string, suite: (chromiumAt: string) => void): void {
  const path = chromiumPath(process.env)
  const why = path === undefined ? ' (no Chromium here: install it, or name it in CHROMIUM)' : ''
  describe.skipIf(path === undefined)(`${name}${why}`, () => {
    suite(path ?? '')
  })
}
