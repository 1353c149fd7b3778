/** `/` goes to the search, `j` and `k` through rows, Enter opens one, `?` says so. Never while somebody types. */
export function listenForKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    const act = actions[event.key]
    if (act?.() ?? false) event.preventDefault()
  })
  // A menu that is open closes when one goes elsewhere.
  document.addEventListener('click', (event) => closeMenus(event.target))
}

/** By key; true when it did something. */
const actions: Readonly<Record<string, () => boolean>> = {
  '/': () => focus(document.querySelector<HTMLElement>('[data-key="/"]')),
  '?': showHelp,
  j: () => move(1),
  k: () => move(-1),
  Enter: open,
  Escape: () => closeMenus(undefined),
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, select, textarea, dialog *'))
  )
}

function focus(element: HTMLElement | null): boolean {
  element?.focus()
  if (element instanceof HTMLInputElement) element.select()
  return element !== null
}

function rows(): readonly HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('tr[data-href]')]
}

function move(by: 1 | -1): boolean {
  const all = rows()
  const before = all.findIndex((row) => row.dataset['current'] !== undefined)
  const next = all[Math.min(all.length - 1, Math.max(0, before + by))]
  if (next === undefined) return false
  for (const row of all) delete row.dataset['current']
  next.dataset['current'] = ''
  next.querySelector<HTMLElement>('a')?.focus({ preventScroll: true })
  next.scrollIntoView({ block: 'nearest' })
  return true
}

function open(): boolean {
  // A link or a button that has the focus opens itself.
  if (document.activeElement?.matches('a, button, summary') === true) return false
  const href = rows().find((row) => row.dataset['current'] !== undefined)?.dataset['href']
  if (href !== undefined) location.assign(href)
  return href !== undefined
}

function closeMenus(inside: EventTarget | null | undefined): boolean {
  const menus = [...document.querySelectorAll<HTMLDetailsElement>('details.menu[open]')]
  for (const menu of menus)
    if (!(inside instanceof Node && menu.contains(inside))) menu.open = false
  return menus.length > 0
}

const HELP: readonly (readonly [string, string])[] = [
  ['/', 'search the record'],
  ['j, k', 'next row, row before'],
  ['Enter', 'open the row'],
  ['Esc', 'close a menu'],
  ['?', 'this help'],
]

function showHelp(): boolean {
  const dialog = document.createElement('dialog')
  dialog.setAttribute('aria-label', 'Keys')
  const list = document.createElement('dl')
  list.className = 'facts'
  for (const [key, words] of HELP) {
    const [pair, term, meaning] = ['div', 'dt', 'dd'].map((tag) => document.createElement(tag))
    if (pair === undefined || term === undefined || meaning === undefined) continue
    const kbd = document.createElement('kbd')
    kbd.textContent = key
    term.append(kbd)
    meaning.textContent = words
    pair.append(term, meaning)
    list.append(pair)
  }
  const close = document.createElement('button')
  close.textContent = 'Close'
  close.addEventListener('click', () => dialog.close())
  dialog.append(list, close)
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
  return true
}
