/** A stretch of time, epoch milliseconds. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** A stretch in which nothing happened, drawn shorter than it was. */
export interface Fold extends Span {
  /** Where it is drawn. */
  readonly x: number
  readonly width: number
}

/** Where instants are on a drawing that is `WIDTH` wide. */
export interface TimeScale extends Span {
  readonly place: (at: number) => number
  readonly folds: readonly Fold[]
}

/** Of the drawing, in its own units. */
export const WIDTH = 1_000

const FOLDED = 28
/** Idle for less than this part of the whole is drawn as long as it was. */
const LEAST_PART = 0.08

/**
 * A scale over everything that happened. A session of a second's work and an hour's silence is readable only when the
 * silence is folded: stretches without any span are drawn narrow, all others in proportion.
 */
export function timeScale(spans: readonly Span[]): TimeScale {
  const busy = merged(spans)
  const from = busy[0]?.from ?? 0
  const to = Math.max(busy.at(-1)?.to ?? 0, from + 1)
  const idle = gaps(busy).filter((gap) => lengthOf(gap) > LEAST_PART * (to - from))
  const drawn = to - from - idle.reduce((sum, gap) => sum + lengthOf(gap), 0)
  const perMs = (WIDTH - FOLDED * idle.length) / Math.max(drawn, 1)

  const place = (at: number): number => {
    let [x, reached] = [0, from]
    for (const gap of idle) {
      if (at <= gap.from) break
      x += (gap.from - reached) * perMs
      x += FOLDED * Math.min(1, (at - gap.from) / lengthOf(gap))
      reached = Math.min(at, gap.to)
    }
    return Math.min(WIDTH, Math.max(0, x + Math.max(0, at - reached) * perMs))
  }
  const folds = idle.map((gap) => ({ ...gap, x: place(gap.from), width: FOLDED }))
  return { from, to, place, folds }
}

function merged(spans: readonly Span[]): readonly Span[] {
  const sorted = spans.toSorted((a, b) => a.from - b.from)
  const all: Span[] = []
  for (const span of sorted) {
    const last = all.at(-1)
    if (last === undefined || span.from > last.to) all.push(span)
    else all[all.length - 1] = { from: last.from, to: Math.max(last.to, span.to) }
  }
  return all
}

function gaps(busy: readonly Span[]): readonly Span[] {
  return busy.slice(1).map(({ from }, index) => ({ from: busy[index]?.to ?? from, to: from }))
}

const lengthOf = ({ from, to }: Span): number => to - from
