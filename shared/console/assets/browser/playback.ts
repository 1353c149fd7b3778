const LEAST_MS = 400
const MOST_MS = 4_000

/** Arrow keys go through a recorded session, and it plays by itself: each step after as long as it took, divided by the speed. */
export function offerPlaying(): void {
  const controls = document.querySelector<HTMLElement>('[data-playback]')
  const player = controls?.querySelector<HTMLElement>('[data-player]')
  if (!controls || !player) return
  listenForArrows(controls)
  const speed = player.querySelector('select')
  const button = player.querySelector<HTMLButtonElement>('[data-play]')
  const next = linkTo(controls, 'next')
  if (speed === null || button === null) return
  player.hidden = false
  // The choice goes along in the address: every step is a page of its own.
  const playing = new URLSearchParams(location.search).get('play')
  if (playing !== null) speed.value = playing
  let timer: number | undefined
  const play = (): void => {
    if (next === null) return say(button, false)
    say(button, true)
    const real = Number(player.dataset['nextMs'] ?? 0) / Math.max(1, Number(speed.value))
    timer = window.setTimeout(
      () => location.replace(withPlay(next.href, speed.value)),
      Math.min(MOST_MS, Math.max(LEAST_MS, real)),
    )
  }
  const pause = (): void => {
    clearTimeout(timer)
    timer = undefined
    say(button, false)
    history.replaceState(null, '', withPlay(location.href, undefined))
  }
  button.disabled = next === null
  button.addEventListener('click', () => (timer === undefined ? play() : pause()))
  if (playing !== null) play()
}

function say(button: HTMLButtonElement, isPlaying: boolean): void {
  button.textContent = isPlaying ? 'Pause' : 'Play'
}

function listenForArrows(controls: HTMLElement): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    const { target } = event
    // Where arrows have a meaning of their own: fields, and what scrolls sideways.
    if (target instanceof HTMLElement && target.matches('input, select, textarea, pre, .scroll'))
      return
    const link =
      event.key === 'ArrowRight'
        ? linkTo(controls, 'next')
        : event.key === 'ArrowLeft'
          ? linkTo(controls, 'prev')
          : null
    if (link === null) return
    event.preventDefault()
    link.click()
  })
}

function linkTo(controls: HTMLElement, rel: 'next' | 'prev'): HTMLAnchorElement | null {
  return controls.querySelector<HTMLAnchorElement>(`a[rel="${rel}"]`)
}

function withPlay(href: string, speed: string | undefined): string {
  const url = new URL(href)
  if (speed === undefined) url.searchParams.delete('play')
  else url.searchParams.set('play', speed)
  return url.href
}
