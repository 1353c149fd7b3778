import { type Pair, urlOf } from './pairs.ts'

/** What a bundle can be of; by anything else only CSV is filtered. */
const WHOLE = new Set(['session', 'principal', 'from', 'to'])

/** The same search as files. */
export function ExportLinks({ pairs }: { readonly pairs: readonly Pair[] }) {
  const href = (format: string) => urlOf('/console/export', pairs, [['format', format]])
  const isWhole = pairs.every(([filter]) => WHOLE.has(filter))
  return (
    <span class="row">
      Export
      <a href={href('csv')}>CSV</a>
      {isWhole ? (
        <>
          <a href={href('bundle')}>Bundle with proofs</a>
          <a href={href('ocsf')}>OCSF</a>
        </>
      ) : (
        <span title="A bundle proves that nothing was left out: it is of a session, a principal or a stretch of time.">
          bundle and OCSF by session, principal and time
        </span>
      )}
    </span>
  )
}
