import { visibleLine } from '../../../approval-desk/visible-text.ts'
import type { CallView } from '../../views/call-view.ts'
import { Approvals } from '../calls/approvals.tsx'
import { Asked } from '../calls/asked.tsx'
import { Deliveries } from '../calls/deliveries.tsx'
import { Lineage } from '../calls/lineage.tsx'
import { Facts } from '../components/facts.tsx'
import { Name } from '../components/name.tsx'
import { Panel } from '../components/panel.tsx'
import { Plain } from '../components/plain.tsx'
import { Decision, Outcome } from '../components/state-badges.tsx'
import { places } from '../places.ts'
import type { Frame } from './frames-of.ts'

/** A call as it stood at one moment: what was asked, what had been decided, what had left. Nothing of what came later. */
export function Moment({ frame, call }: { readonly frame: Frame; readonly call: CallView }) {
  const at = Date.parse(frame.step.at)
  const until = <T extends { readonly at: string }>(all: readonly T[]): T[] =>
    all.filter((each) => Date.parse(each.at) <= at)
  const deliveries = until(call.deliveries)
  const isOver = frame.step.type === 'outcome' || frame.step.type === 'refusal'
  return (
    <div class="moment">
      <p class="note moment-now" aria-live="polite">
        {visibleLine(frame.step.summary, 1_000, 'words')}{' '}
        <a href={places.call(call.summary.call)}>the whole call</a>
      </p>
      <Panel title="The agent asked" class={currentIf(frame.what === 'asked')}>
        <Asked call={call} />
      </Panel>
      <Panel title="Sluice decided" class={currentIf(frame.what !== 'left')}>
        <Facts
          facts={[
            ['Decision', <Decision decision={call.summary.decision} />],
            ['Rules', call.summary.rules.length > 0 ? rulesOf(call) : 'none matched'],
            ['Reason', call.summary.reason && <Plain words={call.summary.reason} />],
          ]}
        />
        {call.summary.decision === 'require-approval' && (
          // How it ended is not known yet at this moment.
          <Approvals
            call={{
              approvals: until(call.approvals),
              summary: { ...call.summary, approval: undefined },
            }}
          />
        )}
      </Panel>
      <Panel title="What left" class={currentIf(frame.what === 'left')}>
        {deliveries.length === 0 ? (
          <p class="muted">{isOver ? 'Nothing left, and nothing will.' : 'Nothing yet.'}</p>
        ) : (
          <>
            <Lineage lineage={call.lineage} />
            <Deliveries deliveries={deliveries} />
          </>
        )}
        {isOver && <Outcome outcome={call.summary.outcome ?? 'refused'} />}
      </Panel>
    </div>
  )
}

const currentIf = (is: boolean): string => (is ? 'current' : '')

function rulesOf({ summary }: CallView) {
  return summary.rules.map((rule) => (
    <>
      <Name name={rule} />{' '}
    </>
  ))
}
