import { table } from '../table.ts'
import type { CostRow } from './cost.ts'
import type { GrowingRow } from './growing-record.ts'

/** What the record does over and over, as a Markdown table. `×` is the ratio to the first row of the same kind. */
export function formatCosts(rows: readonly CostRow[]): string {
  return table(
    ['record', 'what is measured', 'CPU µs', '×', 'in a second of CPU', 'aim'],
    rows.map(({ kind, what, cpuMicros, ratio, aimMicros }) => [
      kind,
      what,
      cpuMicros.toFixed(1),
      ratio.toFixed(1),
      perSecond(cpuMicros),
      aimMicros === undefined ? '–' : perSecond(aimMicros),
    ]),
  )
}

/** Records of several sizes, as a Markdown table. `×` is the ratio to the smallest. */
export function formatGrowth(rows: readonly GrowingRow[]): string {
  const [smallest] = rows
  return table(
    ['entries', 'what is done', 'p50 ms', '×', 'p95 ms', '×'],
    STEPS.flatMap(({ what, step }) =>
      rows.map((row) => {
        const { p50Ms, p95Ms } = row[step]
        const base = (smallest ?? row)[step]
        return [
          String(row.entries),
          what,
          p50Ms.toFixed(1),
          (p50Ms / base.p50Ms).toFixed(1),
          p95Ms.toFixed(1),
          (p95Ms / base.p95Ms).toFixed(1),
        ]
      }),
    ),
  )
}

const STEPS = [
  { step: 'query', what: 'a query, answered by the gateway' },
  { step: 'commits', what: 'its two entries, durable' },
  { step: 'seal', what: 'a run of the sealer' },
  { step: 'find', what: 'find the leaf of an entry' },
  { step: 'prove', what: 'find it and prove it' },
] as const

const perSecond = (micros: number): string => (1_000_000 / micros).toFixed(0)
