/** Markup of code as highlight.js makes it, cut into lines: spans that go over several are opened again on each. */
export function linesOfMarkup(markup: string): readonly string[] {
  let open: readonly string[] = []
  return markup.split('\n').map((line) => {
    const before = open.join('')
    for (const [tag] of line.matchAll(/<span[^>]*>|<\/span>/g))
      open = tag === '</span>' ? open.slice(0, -1) : [...open, tag]
    return `${before}${line}${'</span>'.repeat(open.length)}`
  })
}
