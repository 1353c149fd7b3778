import type { ApprovalList } from '../../../approval-desk/api/approval-view.ts'
import type { Result } from '../../../kernel/result.ts'
import { Badge } from '../components/badge.tsx'
import { Panel } from '../components/panel.tsx'
import { Plain } from '../components/plain.tsx'
import { Time } from '../components/time.tsx'
import type { ApiProblem } from '../console-env.ts'
import { places } from '../places.ts'

const MOST = 6

/** What waits for a decision, of the viewer's or of somebody else: those that end soonest first. */
export function Waiting({ approvals }: { readonly approvals: Result<ApprovalList, ApiProblem> }) {
  const all = approvals.ok
    ? approvals.value.approvals.toSorted((a, b) => (a.expiresAt < b.expiresAt ? -1 : 1))
    : []
  return (
    <div id="waiting" data-refresh>
      <Panel
        title="Waiting for people"
        id="waiting-list"
        aside={<a href="/console/approvals">All approvals</a>}
      >
        {!approvals.ok && <p class="note bad">{approvals.error.message}</p>}
        {approvals.ok && all.length === 0 && <p class="muted">Nothing waits for you.</p>}
        <ul class="rows">
          {all.slice(0, MOST).map(({ id, requester, statementType, tables, expiresAt, youMay }) => (
            <li>
              <a href={places.approval(id)}>
                <Plain words={`${requester.email ?? requester.subject}: ${statementType}`} />
              </a>
              {youMay.includes('vote') && <Badge tone="wait">for you</Badge>}
              <span class="small muted">
                <Plain words={tables.join(', ')} />
                {', until '}
                <Time at={expiresAt} />
              </span>
            </li>
          ))}
        </ul>
      </Panel>
    </div>
  )
}
