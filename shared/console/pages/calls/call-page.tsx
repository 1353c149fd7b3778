import type { Context } from 'hono'

import { visibleLine } from '../../../approval-desk/visible-text.ts'
import { type CallView, callView } from '../../views/call-view.ts'
import { Badge } from '../components/badge.tsx'
import { Panel } from '../components/panel.tsx'
import { Plain } from '../components/plain.tsx'
import { Decision, Outcome } from '../components/state-badges.tsx'
import type { ConsoleEnv } from '../console-env.ts'
import { places } from '../places.ts'
import { showPage } from '../show-page.tsx'
import { showProblem } from '../show-problem.tsx'
import { Approvals } from './approvals.tsx'
import { Asked } from './asked.tsx'
import { CallFacts } from './call-facts.tsx'
import { Columns } from './columns.tsx'
import { Decided } from './decided.tsx'
import { Deliveries } from './deliveries.tsx'
import { Entries } from './entries.tsx'
import { Lineage } from './lineage.tsx'
import { Replays } from './replays.tsx'

/** `GET /console/calls/{call}`: a query, all of it. */
export async function showCall(c: Context<ConsoleEnv>): Promise<Response> {
  const id = c.req.param('call') ?? ''
  const ask = c.get('ask')
  const call = await ask({ path: `/v1/calls/${encodeURIComponent(id)}` }, callView)
  if (!call.ok) return showProblem(c, call.error, { section: 'search' })
  const { summary } = call.value
  const { csrf, roles } = c.get('viewer')
  return showPage(
    c,
    {
      title: `Query ${summary.call}`,
      heading: titleOf(call.value),
      lead: (
        <span class="badges">
          <Decision decision={summary.decision} />
          <Outcome outcome={summary.outcome} />
          {summary.flags.map(({ rule, why }) => (
            <Badge tone="flag" title={rule}>
              <Plain words={why} />
            </Badge>
          ))}
        </span>
      ),
      section: 'search',
      trail: [
        { name: 'Search', href: '/console/search' },
        ...(summary.session === undefined
          ? []
          : [{ name: 'Session', href: `${places.session(summary.session)}#call-${summary.call}` }]),
      ],
    },
    <Body call={call.value} csrf={roles.includes('auditor') ? csrf : undefined} />,
  )
}

function titleOf({ summary: { statementType, method, targets, tables } }: CallView): string {
  const names = [...new Set([...targets, ...tables])].map((name) => name.split('.').at(-1))
  const others = names.length > 2 ? ` and ${names.length - 2} more` : ''
  const on = names.length === 0 ? '' : ` of ${names.slice(0, 2).join(', ')}${others}`
  return visibleLine(`${statementType ?? method}${on}`, 200)
}

function Body({ call, csrf }: { readonly call: CallView; readonly csrf: string | undefined }) {
  return (
    <div class="call">
      <div class="main-column">
        <Panel title="What was asked">
          <Asked call={call} />
        </Panel>
        <Panel title="What left">
          <Deliveries deliveries={call.deliveries} />
        </Panel>
        <Panel title="Masked outputs, and where they come from" id="lineage">
          <Lineage lineage={call.lineage} />
        </Panel>
        <Panel title="Columns" flush>
          <Columns summary={call.summary} />
        </Panel>
        <Panel title="Entries of the record" id="entries">
          <Entries entries={call.entries} receipts={call.receipts} />
        </Panel>
      </div>
      <div class="side-column">
        <Panel title="Who and how">
          <CallFacts call={call} />
        </Panel>
        <Panel title="What policy decided" id="decision">
          <Decided call={call} />
        </Panel>
        <Panel title="What people decided" id="approvals">
          <Approvals call={call} />
        </Panel>
        <Panel title="Run again" id="replays">
          <Replays call={call} csrf={csrf} />
        </Panel>
      </div>
    </div>
  )
}
