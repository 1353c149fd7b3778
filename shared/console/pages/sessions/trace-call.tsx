import type { SessionView } from '../../views/session-view.ts'
import { Badge } from '../components/badge.tsx'
import { SqlLine } from '../components/code.tsx'
import { Name } from '../components/name.tsx'
import { Plain } from '../components/plain.tsx'
import { Count } from '../components/quantities.tsx'
import { Decision, Outcome } from '../components/state-badges.tsx'
import { Time } from '../components/time.tsx'
import { durationWords } from '../duration-words.ts'
import { places } from '../places.ts'
import type { Phase } from './phases.ts'
import { StepList } from './step-list.tsx'
import type { TimeScale } from './time-scale.ts'
import { TraceBar } from './trace-bar.tsx'

interface Props {
  readonly call: SessionView['calls'][number]
  readonly phases: readonly Phase[]
  readonly scale: TimeScale
  /** Address of the playback, from an entry on. */
  readonly play: (entry: string) => string
}

/** A call in a trace: one row, and its steps for whoever opens it. */
export function TraceCall({ call: { summary, steps }, phases, scale, play }: Props) {
  const { call, at, decision, outcome, statementType, method, tables, targets, rows } = summary
  const names = [...new Set([...targets, ...tables])]
  const from = phases[0]?.from ?? Date.parse(at)
  const took = (phases.at(-1)?.to ?? from) - from
  return (
    <li id={`call-${call}`}>
      <details class="trace-call">
        <summary>
          <span class="when">
            <Time at={at} />
          </span>
          <span class="judged">
            <Decision decision={decision} />
            {summary.flags.length > 0 && <Badge tone="flag">{String(summary.flags.length)}</Badge>}
          </span>
          <span class="what">
            <b>{statementType ?? method}</b>{' '}
            {names.slice(0, MOST_NAMES).map((name) => (
              <>
                <Name name={name} />{' '}
              </>
            ))}
            {names.length > MOST_NAMES && (
              <span class="muted">and {names.length - MOST_NAMES} more</span>
            )}
          </span>
          <TraceBar
            phases={phases}
            steps={steps.map((step) => Date.parse(step.at))}
            scale={scale}
          />
          <span class="took num">{took === 0 ? '' : durationWords(took)}</span>
        </summary>
        <div class="trace-more">
          {summary.strippedSql !== undefined && <SqlLine sql={summary.strippedSql} />}
          <p class="trace-facts">
            {outcome !== undefined && <Outcome outcome={outcome} />}
            {rows > 0 && (
              <span>
                <Count of={rows} /> rows left
              </span>
            )}
            {summary.masked.map(({ column, mask }) => (
              <Badge tone="mask" title={`${column} under ${mask}`}>
                <Plain words={`${column.split('.').at(-1) ?? ''} ${mask}`} />
              </Badge>
            ))}
            {summary.flags.map(({ rule, why }) => (
              <Badge tone="flag" title={rule}>
                <Plain words={why} />
              </Badge>
            ))}
          </p>
          <StepList steps={steps} from={from} call={call} play={play} />
          <p class="actions">
            <a class="button" href={places.call(call)}>
              Open this call
            </a>
            {summary.grant !== undefined && (
              <a href={places.approval(summary.grant)}>Its approval</a>
            )}
          </p>
        </div>
      </details>
    </li>
  )
}

const MOST_NAMES = 3
