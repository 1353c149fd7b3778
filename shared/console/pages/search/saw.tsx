import type { CallSummary } from '../../views/call-view.ts'
import { Badge } from '../components/badge.tsx'
import { Name } from '../components/name.tsx'
import { Bytes, Count } from '../components/quantities.tsx'
import { Outcome } from '../components/state-badges.tsx'

/** So many masks are named; the call itself has all of them. */
const NAMED = 3

/** What whoever asked saw: how many rows, and which columns only behind a mask. */
export function Saw({ call }: { readonly call: CallSummary }) {
  const { outcome, rows, bytesProcessed } = call
  const shown = outcome === undefined ? [] : call.masked
  return (
    <span class="cell">
      {outcome === undefined ? (
        <span class="muted">nothing</span>
      ) : (
        <span class="badges">
          <Outcome outcome={outcome} />
        </span>
      )}
      {outcome !== undefined && (
        <span class="small">
          <Count of={rows} />
          {rows === 1 ? ' row' : ' rows'}
          {bytesProcessed !== undefined && (
            <>
              {' of '}
              <Bytes of={bytesProcessed} />
            </>
          )}
        </span>
      )}
      {shown.slice(0, NAMED).map(({ column, mask }) => (
        <span class="small">
          <Badge tone="mask">{mask}</Badge> <Name name={lastOf(column)} />
        </span>
      ))}
      {shown.length > NAMED && (
        <span class="small muted">{`and ${shown.length - NAMED} more masked`}</span>
      )}
    </span>
  )
}

/** Table and column of a full name. */
function lastOf(column: string): string {
  return column.split('.').slice(-2).join('.')
}
