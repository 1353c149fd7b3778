/** The way to the next page, and back to the first. */
export function Pagination({
  next,
  first,
  label,
  words = { first: 'Newest', next: 'Older' },
}: {
  /** Address of the next page; undefined on the last. */
  readonly next: string | undefined
  /** Address of the first page; undefined on it. */
  readonly first: string | undefined
  readonly label: string
  /** What the two links say. Default: as in a list with the newest first. */
  readonly words?: { readonly first: string; readonly next: string }
}) {
  if (next === undefined && first === undefined) return <></>
  return (
    <nav class="pages" aria-label={label}>
      {first !== undefined && (
        <a class="button" href={first}>
          {words.first}
        </a>
      )}
      {next !== undefined && (
        <a class="button" rel="next" href={next}>
          {words.next}
        </a>
      )}
    </nav>
  )
}
