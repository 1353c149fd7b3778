import type { ApprovalView } from '../../../approval-desk/api/approval-view.ts'
import type { CallSummary } from '../../views/call-view.ts'
import { Panel } from '../components/panel.tsx'
import type { Viewer } from '../console-env.ts'
import { ApprovalHistory } from './approval-history.tsx'
import { DecisionForms } from './decision-forms.tsx'
import type { Notice } from './notice-of.ts'
import { RequestFacts } from './request-facts.tsx'
import { RequestSql } from './request-sql.tsx'
import { Settled } from './settled.tsx'
import { TermsAndVotes } from './terms-and-votes.tsx'
import { Warnings } from './warnings.tsx'

interface Props {
  readonly approval: ApprovalView
  readonly viewer: Viewer
  readonly notice: Notice | undefined
  /** What they asked for before, where the reader may know. */
  readonly similar: readonly CallSummary[] | undefined
}

/** In the order in which somebody reads who has ten seconds: who and why, what it touches, the SQL; the decision beside it. */
export function ApprovalBody({ approval, viewer, notice, similar }: Props) {
  return (
    <>
      {notice && (
        <p class={`note ${notice.tone}`} role={notice.tone === 'good' ? 'status' : 'alert'}>
          {notice.words}
        </p>
      )}
      <div class="decision">
        <div class="main-column">
          <Warnings approval={approval} />
          <Panel title="Who wants what, and why" id="request">
            <RequestFacts approval={approval} />
          </Panel>
          <Panel title="SQL" id="sql">
            <RequestSql approval={approval} />
          </Panel>
        </div>
        <div class="side-column">
          <Panel title="Your decision" id="decide">
            <DecisionForms approval={approval} csrf={viewer.csrf} written={notice?.written} />
          </Panel>
          <Panel title="Whose votes it takes" id="votes">
            <TermsAndVotes approval={approval} />
          </Panel>
          <Panel title="What happened" id="history">
            <ApprovalHistory history={approval.history} />
          </Panel>
        </div>
      </div>
      {similar !== undefined && (
        <Panel title="What they asked for before, on the same data" id="similar" flush>
          <Settled calls={similar.filter(({ grant }) => grant !== approval.id)} />
        </Panel>
      )}
    </>
  )
}
