/** On narrow screens what is beside the results comes before them: there it starts closed. */
export function foldWhereNarrow(): void {
  if (!matchMedia('(max-width: 90rem)').matches) return
  for (const part of document.querySelectorAll<HTMLDetailsElement>('details[data-folds]'))
    part.open = false
}
