import { describe } from 'vitest'

import { chromiumPath } from '../../support/chromium.ts'

/** A suite for which there is a Chromium; where no Chromium is, it is skipped, and its name says why. */
export function inChromium(name: string, suite: () => void): void {
  const path = chromiumPath(process.env)
  const why = path === undefined ? ' (no Chromium here: install it, or name it in CHROMIUM)' : ''
  describe.skipIf(path === undefined)(`${name}${why}`, () => {
    suite()
  })
}
