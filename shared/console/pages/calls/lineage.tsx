import type { CallView } from '../../views/call-view.ts'
import { Badge } from '../components/badge.tsx'
import { Name } from '../components/name.tsx'
import { places } from '../places.ts'

/** Where masked outputs come from: source columns on the left, the mask between, what was handed out on the right. */
export function Lineage({ lineage }: Pick<CallView, 'lineage'>) {
  if (lineage.length === 0) return <p class="muted">No output was masked.</p>
  return (
    <ul class="lineage">
      {lineage.map(({ output, mask, columns }) => (
        <li>
          <ul class="sources" aria-label="Columns it comes from">
            {columns.map((column) => (
              <li>
                <Name name={column} href={places.search({ column })} />
              </li>
            ))}
          </ul>
          <Arrow />
          <Badge tone="mask">{mask}</Badge>
          <Arrow />
          <span class="output">
            <span class="unseen">is handed out as </span>
            <Name name={output} />
          </span>
        </li>
      ))}
    </ul>
  )
}

function Arrow() {
  return (
    <svg class="arrow" viewBox="0 0 40 16" width="40" height="16" aria-hidden="true">
      <path d="M2 8h34m-6-5 6 5-6 5" />
    </svg>
  )
}
