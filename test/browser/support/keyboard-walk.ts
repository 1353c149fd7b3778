import type { Page } from 'playwright-core'

/** What came of going through a page with the Tab key alone. */
export interface Walk {
  /** Every stop, in its order, as its role and name. */
  readonly stops: readonly string[]
  /** What can be used with a mouse and never had the focus. */
  readonly unreached: readonly string[]
  /** Stops at which nothing shows that the focus is there. */
  readonly unseen: readonly string[]
  /** The stop that the Tab key does not leave; undefined when there is none. */
  readonly trap: string | undefined
}

const MOST_STOPS = 600

/** Goes through the whole page with the Tab key, from its start to its end. */
export async function keyboardWalk(page: Page): Promise<Walk> {
  await page.evaluate(MARK)
  const stops: Stop[] = []
  for (let n = 0; n < MOST_STOPS; n += 1) {
    // oxlint-disable-next-line no-await-in-loop -- step by step
    await page.keyboard.press('Tab')
    // oxlint-disable-next-line no-await-in-loop
    const stop = await page.evaluate<Stop | null>(STOP)
    // Past the last one; or at the first again.
    if (stop === null || (stop.id === stops[0]?.id && stop.id !== stops.at(-1)?.id)) break
    stops.push(stop)
    if (isStuck(stops)) break
  }
  const all = await page.evaluate<readonly Stop[]>(ALL)
  const reached = new Set(stops.map(({ id }) => id))
  // On the button inside a field for a date the browser draws the focus itself, where no script sees it.
  const seen = new Set(stops.filter(({ isSeen }) => isSeen).map(({ id }) => id))
  return {
    stops: stops.map(({ name }) => name),
    unreached: all.filter(({ id }) => !reached.has(id)).map(({ name }) => name),
    unseen: stops.filter(({ id }) => !seen.has(id)).map(({ name }) => name),
    trap: isStuck(stops) ? stops.at(-1)?.name : undefined,
  }
}

/** Whether the last key pressed led nowhere. A field for a date has some stops of its own inside. */
function isStuck(stops: readonly Stop[]): boolean {
  const last = stops.at(-1)
  if (last === undefined || last.id === '') return false
  const before = stops.slice(-1 - last.fields)
  return before.length > last.fields && before.every(({ id }) => id === last.id)
}

interface Stop {
  readonly id: string
  readonly name: string
  readonly isSeen: boolean
  /** How many stops it may have. */
  readonly fields: number
}

/** Numbers what can be used, begins at the top, and keeps how each looks without the focus. */
const MARK = `(() => {
  const USABLE = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex^="-"])'
  window.walk = {
    look: (element) => {
      const of = (each) => {
        const { outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor, textDecorationLine } = getComputedStyle(each)
        return [outlineStyle === 'none' ? '' : outlineStyle + outlineWidth, boxShadow, borderColor, backgroundColor, textDecorationLine].join('|')
      }
      return of(element) + (element.parentElement === null ? '' : of(element.parentElement))
    },
    name: (element) => (element.tagName.toLowerCase() + ' ' + (element.getAttribute('aria-label') ?? (element.innerText || element.name || element.id)).trim().slice(0, 60)).trim(),
    usable: () => [...document.querySelectorAll(USABLE)].filter((element) =>
      !element.disabled && element.checkVisibility({ visibilityProperty: true }) &&
      // Of radio buttons the Tab key visits one of a group; arrows go on from there.
      !(element.type === 'radio' && [...document.getElementsByName(element.name)].some((other) => other !== element && other.checked)) &&
      !(element.type === 'radio' && document.getElementsByName(element.name)[0] !== element && ![...document.getElementsByName(element.name)].some((other) => other.checked))),
    before: new Map(),
  }
  document.activeElement?.blur()
  window.scrollTo(0, 0)
  window.walk.usable().forEach((element, index) => {
    element.dataset.walk = String(index + 1)
    window.walk.before.set(element, window.walk.look(element))
  })
})()`

const STOP = `(() => {
  const element = document.activeElement
  if (element === null || element === document.body || element === document.documentElement) return null
  return {
    id: element.dataset.walk ?? '',
    name: window.walk.name(element),
    fields: element.type?.startsWith('date') ? 9 : 1,
    isSeen: window.walk.before.get(element) !== window.walk.look(element),
  }
})()`

const ALL = `window.walk.usable().map((element) => ({ id: element.dataset.walk ?? '', name: window.walk.name(element), isSeen: true, fields: 1 }))`
