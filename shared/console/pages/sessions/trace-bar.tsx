import { durationWords } from '../duration-words.ts'
import type { Phase } from './phases.ts'
import { type TimeScale, WIDTH } from './time-scale.ts'

/** A call over time: its phases as bars, its steps as marks, silences of the session as folds. */
export function TraceBar({
  phases,
  steps,
  scale,
}: {
  readonly phases: readonly Phase[]
  /** Epoch milliseconds. */
  readonly steps: readonly number[]
  readonly scale: TimeScale
}) {
  return (
    <svg class="trace" width="100%" height="20" role="img" aria-label={wordsOf(phases)}>
      {scale.folds.map(({ x, width }) => (
        <rect class="fold" x={percent(x)} width={percent(width)} y="0" height="20" />
      ))}
      {phases.map(({ what, from, to }) => (
        <rect
          class={what}
          x={percent(scale.place(from))}
          width={percent(Math.max(2, scale.place(to) - scale.place(from)))}
          y="5"
          height="10"
          rx="1"
        />
      ))}
      {steps.map((at) => (
        <line
          class="step"
          x1={percent(scale.place(at))}
          x2={percent(scale.place(at))}
          y1="2"
          y2="18"
        />
      ))}
    </svg>
  )
}

/** Said for who cannot see the bars: `waited 6 min for people, ran 32 s`. */
function wordsOf(phases: readonly Phase[]): string {
  return phases.map(({ what, from, to }) => words[what](durationWords(to - from))).join(', ')
}

const words: Readonly<Record<Phase['what'], (duration: string) => string>> = {
  held: (duration) => `waited ${duration} for people`,
  running: (duration) => `ran ${duration}`,
  paging: (duration) => `handed over pages for ${duration}`,
  open: () => 'not over as far as the record knows',
}

const percent = (x: number): string => `${Number(((x / WIDTH) * 100).toFixed(3))}%`
