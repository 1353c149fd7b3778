import { median } from '../statistics.ts'

/** What one thing costs that the record does over and over. */
export interface CostRow {
  /** Rows of one kind have one baseline, which is the first of them. */
  readonly kind: string
  readonly what: string
  /** CPU microseconds, all threads; median over the rounds. */
  readonly cpuMicros: number
  /** Times the baseline of the same round; median over the rounds. */
  readonly ratio: number
  /** What it should cost at most, in CPU microseconds; undefined where nobody said. */
  readonly aimMicros: number | undefined
}

/** Something to be measured: CPU microseconds of one. */
export interface Step {
  readonly what: string
  readonly aimMicros?: number
  readonly measure: () => number | Promise<number>
}

/** Measures all steps in turn, several times, so that whatever else the machine does meets all of them. */
export async function measureCosts(
  kind: string,
  rounds: number,
  steps: readonly Step[],
): Promise<readonly CostRow[]> {
  const found: number[][] = []
  for (let round = 0; round < rounds; round++) {
    const costs: number[] = []
    // oxlint-disable-next-line no-await-in-loop -- one after the other: together they would disturb each other
    for (const { measure } of steps) costs.push(await measure())
    found.push(costs)
  }
  return steps.map(({ what, aimMicros }, step) => {
    const own = found.map((costs) => costs[step] ?? Number.NaN)
    return {
      kind,
      what,
      cpuMicros: median(own),
      ratio: median(own.map((cost, round) => cost / (found[round]?.[0] ?? Number.NaN))),
      aimMicros,
    }
  })
}

/** CPU time of this process, of all its threads, in microseconds. */
export function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** CPU time of one of many repetitions, in microseconds. */
export function cpuEach(times: number, work: (turn: number) => void): number {
  const before = cpuMicros()
  for (let turn = 0; turn < times; turn++) work(turn)
  return (cpuMicros() - before) / times
}
