/** Shows the buttons that copy, and has them say that they did. */
export function offerCopying(within: ParentNode): void {
  for (const button of within.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
    if (!button.hidden) continue
    button.hidden = false
    button.addEventListener('click', () => void copy(button))
  }
}

async function copy(button: HTMLButtonElement): Promise<void> {
  await navigator.clipboard.writeText(button.dataset['copy'] ?? '')
  const words = button.querySelector('.unseen')
  const before = words?.textContent ?? ''
  if (words !== null) words.textContent = 'Copied'
  button.dataset['copied'] = ''
  setTimeout(() => {
    if (words !== null) words.textContent = before
    delete button.dataset['copied']
  }, 1_500)
}
