import type { SessionView } from '../../views/session-view.ts'
import { Time } from '../components/time.tsx'
import { durationWords } from '../duration-words.ts'
import { phasesOf } from './phases.ts'
import { type TimeScale, timeScale } from './time-scale.ts'
import { TraceCall } from './trace-call.tsx'

/** The calls of a session over time, oldest first: a row each, all on one scale. */
export function Trace({
  calls,
  play,
}: {
  readonly calls: SessionView['calls']
  /** Address of the playback, from an entry on. */
  readonly play: (entry: string) => string
}) {
  const traced = calls.map((call) => ({ call, phases: phasesOf(call) }))
  const scale = timeScale(
    traced.flatMap(({ call, phases }) => [
      ...phases,
      ...call.steps.map(({ at }) => ({ from: Date.parse(at), to: Date.parse(at) })),
    ]),
  )
  return (
    <>
      <Legend scale={scale} />
      <ol class="trace-calls">
        {traced.map(({ call, phases }) => (
          <TraceCall call={call} phases={phases} scale={scale} play={play} />
        ))}
      </ol>
    </>
  )
}

function Legend({ scale }: { readonly scale: TimeScale }) {
  const { from, to, folds } = scale
  const folded = folds.reduce((sum, fold) => sum + fold.to - fold.from, 0)
  return (
    <div class="trace-legend">
      <span>
        <Time at={new Date(from).toISOString()} precise /> and {durationWords(to - from)} on
        {folded > 0 && (
          <>
            ; {durationWords(folded)} of it, in which nothing happened,{' '}
            {folds.length === 1 ? 'is' : 'are'} <span class="key fold">folded</span>
          </>
        )}
      </span>
      <span class="keys">
        <span class="key held">waits for people</span>
        <span class="key running">runs</span>
        <span class="key paging">hands over pages</span>
        <span class="key open">not over</span>
      </span>
    </div>
  )
}
