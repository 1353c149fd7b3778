const SOON_MS = 10 * 60_000

/** Says how long there is until the instants in `data-left`, by the reader's clock, and again every few seconds. */
export function countDown(): void {
  sayTimeLeft()
  setInterval(sayTimeLeft, 5_000)
}

function sayTimeLeft(): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-left]')) {
    const ms = Date.parse(element.dataset['left'] ?? '') - new Date().getTime()
    if (Number.isNaN(ms)) continue
    element.hidden = false
    element.textContent = wordsOf(ms)
    element.toggleAttribute('data-soon', ms < SOON_MS)
  }
}

function wordsOf(ms: number): string {
  if (ms <= 0) return 'over'
  const minutes = Math.floor(ms / 60_000)
  if (minutes === 0) return 'less than a minute'
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`
}
