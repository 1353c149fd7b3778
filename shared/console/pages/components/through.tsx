import { visibleLine } from '../../../approval-desk/visible-text.ts'
import type { CallSummary } from '../../views/call-view.ts'

const MOST = 300

/** Through what somebody asked: server and tool as the client says of itself, nobody checked; and the client that signed in. */
export function Through({
  claimed,
  clientId,
}: {
  readonly claimed: Partial<CallSummary['claimed']>
  readonly clientId?: string | undefined
}) {
  const { server, tool } = claimed
  const said = [server, tool].flatMap((each) => (each === undefined ? [] : visibleLine(each, MOST)))
  return (
    <span class="through">
      {said.length > 0 && <span title="As the client says of itself.">{said.join(' › ')}</span>}
      {clientId !== undefined && (
        <span class="muted" title="The OAuth client that signed in.">
          {said.length > 0 && ' '}
          client {visibleLine(clientId, MOST)}
        </span>
      )}
      {said.length === 0 && clientId === undefined && (
        <span class="muted">a program that does not say what it is</span>
      )}
    </span>
  )
}
