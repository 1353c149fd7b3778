import type { CallSummary } from '../../views/call-view.ts'
import { Panel } from '../components/panel.tsx'
import { CallTable } from '../search/call-table.tsx'

/** The newest calls that are worth a look, and why. */
export function Flagged({ calls }: { readonly calls: readonly CallSummary[] }) {
  return (
    <Panel title="Worth a look" id="flagged" flush>
      {calls.length === 0 ? (
        <p class="muted padded">Nothing stood out in this time.</p>
      ) : (
        <CallTable calls={calls} />
      )}
    </Panel>
  )
}
