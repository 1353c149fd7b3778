import { type Browser, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

import { seriousFindings } from './support/axe.ts'
import { inChromium } from './support/in-chromium.ts'
import { keyboardWalk } from './support/keyboard-walk.ts'
import { complaints, overflow, windowFor } from './support/look.ts'
import { sharedChromium } from './support/shared-chromium.ts'

const html = (body: string): string =>
  `data:text/html,${encodeURIComponent(`<!doctype html><html lang="en"><title>t</title><main><h1>t</h1>${body}</main></html>`)}`

// What the tests of the console rely on has to find what is wrong.
inChromium('the harness', () => {
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    browser = await sharedChromium()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    const context = await windowFor(browser, { theme: 'light', width: 390 })
    page = await context.newPage()
  })
  afterEach(() => page.context().close())

  test('says where axe-core finds something serious', async () => {
    await page.goto(html('<p>fine</p><button>press</button>'))
    expect(await seriousFindings(page)).toEqual([])
    await page.goto(html('<p style="color:#bbb">pale</p><input>'))
    const found = (await seriousFindings(page)).join('\n')
    expect(found).toContain('color-contrast (serious)')
    expect(found).toContain('label (critical)')
    const ofColours = (await seriousFindings(page, 'colours')).join('\n')
    expect(ofColours).toContain('color-contrast (serious)')
    expect(ofColours).not.toContain('label (critical)')
  })

  test('says what is wider than the window', async () => {
    await page.goto(html('<meta name="viewport" content="width=device-width"><p>fits</p>'))
    expect(await overflow(page)).toBeUndefined()
    await page.goto(html('<div class="wide" style="width:900px">wide</div>'))
    expect(await overflow(page)).toContain('div.wide to 9')
  })

  test('hears what a page complains about', async () => {
    const heard = complaints(page)
    await page.goto(html('<script>missing()</script>'))
    expect(heard.join()).toContain('missing is not defined')
  })

  test('walks through a page with the keyboard', async () => {
    await page.goto(html('<a href="#a">one</a><button>two</button><label>three <input></label>'))
    expect(await keyboardWalk(page)).toEqual({
      stops: ['a one', 'button two', 'input'],
      unreached: [],
      unseen: [],
      trap: undefined,
    })
  })

  test('a field for a time has stops of its own, and is no trap', async () => {
    await page.goto(html('<label>from <input type="datetime-local"></label><a href="#a">one</a>'))
    const walk = await keyboardWalk(page)
    expect(walk).toMatchObject({ unreached: [], trap: undefined })
    expect(walk.stops.at(-1)).toBe('a one')
  })

  test('says what cannot be reached or seen with the keyboard, and where it ends', async () => {
    await page.goto(
      html(
        '<a href="#a" style="outline:none">one</a><button tabindex="-1">two</button><button onkeydown="event.preventDefault()">three</button><button>four</button>',
      ),
    )
    expect(await keyboardWalk(page)).toEqual({
      stops: ['a one', 'button three', 'button three'],
      unreached: ['button two', 'button four'],
      unseen: ['a one'],
      trap: 'button three',
    })
  })
})
