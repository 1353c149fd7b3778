import type { EvidenceReport } from '../../views/review-view.ts'
import { Copyable } from '../components/copyable.tsx'
import { DataTable } from '../components/data-table.tsx'
import { Facts } from '../components/facts.tsx'
import { Panel } from '../components/panel.tsx'
import { PostForm } from '../components/post-form.tsx'
import { Count } from '../components/quantities.tsx'
import { Time } from '../components/time.tsx'
import { Who } from '../components/who.tsx'
import { Health } from '../log/health.tsx'
import { FindingFields } from '../reviews/finding-fields.tsx'
import { ReviewList } from '../reviews/review-list.tsx'
import { Sampled } from './sampled.tsx'

/** A report, in the order in which somebody reads it who is to sign it. */
export function ReportBody({
  report,
  csrf,
  isSigned,
}: {
  readonly report: EvidenceReport
  readonly csrf: string
  readonly isSigned: boolean
}) {
  const { from, to, madeAt, by, scope, policies, isAllPolicies, controls, totals, capped } = report
  return (
    <div class="report">
      {isSigned && (
        <p class="note good" role="status">
          Your sign-off is on the record.
        </p>
      )}
      <Panel title="Period and scope">
        <Facts
          facts={[
            ['From', <Time at={from} />],
            ['To', <Time at={to} />],
            ['Scope', scope],
            ['Made', <Time at={madeAt} />],
            ['By', <Who person={by} />],
          ]}
        />
      </Panel>
      <Panel title="What helps towards which control" id="controls" flush>
        <DataTable
          caption="Controls"
          rows={controls}
          columns={[
            { head: 'Control', cell: ({ control }) => control },
            { head: 'What shows it', wide: true, cell: ({ evidence }) => evidence },
            {
              head: 'Counted',
              numeric: true,
              cell: ({ count }) => (count === undefined ? '–' : <Count of={count} />),
            },
          ]}
        />
      </Panel>
      <div class="columns">
        <Panel title="Counts">
          <Facts
            facts={Object.entries(totals).map(([name, count]) => [
              name,
              <>
                <Count of={count} />
                {capped.includes(name) && ' or more'}
              </>,
            ])}
          />
        </Panel>
        <Panel title="The log, when this was made" id="log">
          <Health health={report.log} />
        </Panel>
      </div>
      <Panel title="Policies in force" id="policies" flush>
        <DataTable
          caption="Policies in force, oldest first"
          rows={policies}
          columns={[
            { head: 'From', cell: (policy) => <Time at={policy.from} /> },
            {
              head: 'To',
              cell: (policy) => (policy.to === undefined ? 'still' : <Time at={policy.to} />),
            },
            {
              head: 'SHA-256 of the file',
              wide: true,
              cell: ({ digest }) => <Copyable text={digest} what="the digest" />,
            },
          ]}
        />
        {!isAllPolicies && <p class="muted">There were more before these.</p>}
      </Panel>
      <Sampled report={report} />
      <Panel title="What this report does not show" id="limits">
        <ul class="plain-list">
          {report.limits.map((limit) => (
            <li>{limit}</li>
          ))}
        </ul>
      </Panel>
      <Panel title="Sign-offs" id="sign-offs" flush>
        <ReviewList reviews={report.signOffs} />
      </Panel>
      <Panel title="Sign this report" id="sign">
        <PostForm action="/console/report" csrf={csrf} class="stack">
          <input type="hidden" name="from" value={from} />
          <input type="hidden" name="to" value={to} />
          <FindingFields written={{}} />
          <button type="submit" class="primary">
            Sign off
          </button>
        </PostForm>
        <p class="signature">Name, date, signature: ______________________________________</p>
      </Panel>
    </div>
  )
}
