const EVERY_MS = 15_000

/**
 * Fetches this page again every so often and puts the parts with `data-refresh` in place of the old ones, unless somebody
 * is in one of them. `done` is called when it has.
 */
export function refreshWhatWaits(done: () => void): void {
  if (document.querySelector('[data-refresh]') === null) return
  setInterval(() => {
    if (document.visibilityState === 'visible') void refresh(done)
  }, EVERY_MS)
}

async function refresh(done: () => void): Promise<void> {
  const reply = await fetch(location.href, { headers: { 'sluice-by-itself': '1' } }).catch(
    () => undefined,
  )
  // Signed out, or away: the page stays as it is.
  if (reply?.ok !== true || reply.redirected) return
  const fresh = new DOMParser().parseFromString(await reply.text(), 'text/html')
  for (const part of document.querySelectorAll<HTMLElement>('[data-refresh]')) {
    const next = fresh.getElementById(part.id)
    if (part.id === '' || next === null || part.contains(document.activeElement)) continue
    part.replaceWith(document.adoptNode(next))
  }
  done()
}
