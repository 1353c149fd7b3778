import type { Overview } from '../../views/overview-view.ts'
import { Empty } from '../components/empty.tsx'
import { type Layer, StackedBars } from '../components/stacked-bars.tsx'
import { searchUrl } from '../search/pairs.ts'

const layers: readonly Layer[] = [
  { name: 'permit', label: 'permitted' },
  { name: 'require-approval', label: 'needing approval' },
  { name: 'deny', label: 'denied' },
  { name: 'refused', label: 'refused' },
]

/** Calls over time, by what policy decided; each bar leads to its calls. */
export function Activity({ of: { activity, totals } }: { readonly of: Overview }) {
  if (totals.calls === 0)
    return <Empty title="Nothing was asked in this time.">Choose a longer one above.</Empty>
  return (
    <StackedBars
      title="Calls over time, by decision"
      layers={layers}
      bars={activity.map(({ from, to, permit, requireApproval, deny, refused }) => ({
        at: from,
        counts: [permit, requireApproval, deny, refused],
        href: searchUrl([
          ['from', from],
          ['to', to],
        ]),
      }))}
    />
  )
}
