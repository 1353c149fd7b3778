const THEMES = ['auto', 'light', 'dark'] as const

/** Has the switch change the colours at once, and keep the choice where the server reads it. */
export function switchThemeInPlace(): void {
  const button = document.querySelector<HTMLButtonElement>('[data-theme-switch]')
  button?.addEventListener('click', (event) => {
    event.preventDefault()
    const chosen = THEMES.find((theme) => theme === button.value) ?? 'auto'
    const next = THEMES[(THEMES.indexOf(chosen) + 1) % THEMES.length] ?? 'auto'
    document.documentElement.dataset['theme'] = chosen
    const words = `Theme: ${chosen}; switch to ${next}`
    button.value = next
    button.title = words
    const label = button.querySelector('.unseen')
    if (label !== null) label.textContent = words
    const secure = location.protocol === 'https:' ? '; Secure' : ''
    document.cookie = `sluice-theme=${chosen}; Path=/console; Max-Age=31536000; SameSite=Lax${secure}`
  })
}
