/** Puts every instant into the reader's zone; its title stays UTC. */
export function localizeTimes(within: ParentNode): void {
  for (const element of within.querySelectorAll('time')) {
    const at = new Date(element.dateTime)
    if (Number.isNaN(at.getTime())) continue
    const precise = element.dataset['precise'] !== undefined
    element.textContent = localText(at, precise)
  }
  for (const label of within.querySelectorAll<SVGTextElement>('text[data-at]')) {
    const at = new Date(label.dataset['at'] ?? '')
    if (Number.isNaN(at.getTime())) continue
    const text = localText(at, false)
    label.textContent = label.dataset['unit'] === 'day' ? text.slice(5, 10) : text.slice(11, 16)
  }
}

/** As the server writes it, in the zone of whoever reads: `2026-07-01 14:05:09`. */
function localText(at: Date, precise: boolean): string {
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
  return precise
    ? `${day} ${time}.${String(at.getMilliseconds()).padStart(3, '0')}`
    : `${day} ${time}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
