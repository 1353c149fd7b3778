import { cpus, loadavg } from 'node:os'

import type { ColdRow, ColdStart } from './cold-start.ts'
import type { ImportRow } from './import-times.ts'
import type { PartRow } from './masking.ts'
import type { CostRow } from './record/cost.ts'
import type { GrowingRow } from './record/growing-record.ts'
import { formatCosts, formatGrowth } from './record/report-record.ts'
import type { SearchRow } from './search/measure-search.ts'
import { formatSearches } from './search/report-search.ts'
import { table } from './table.ts'
import type { WarmRow } from './warm.ts'

/** Everything one run found out. */
export interface Report {
  readonly machine: string
  /** Empty when it was not measured. */
  readonly warm: readonly WarmRow[]
  readonly coldStart: ColdStart
  readonly imports: readonly ImportRow[]
  readonly parts: readonly PartRow[]
  readonly costs: readonly CostRow[]
  readonly growth: readonly GrowingRow[]
  readonly searches: readonly SearchRow[]
}

/** The day, this machine, and how busy others keep it: above 0 before it began, take only ratios. */
export function describeMachine(): string {
  const all = cpus()
  const cpu = all[0]?.model.trim() ?? 'unknown'
  const load = (loadavg()[0] ?? 0).toFixed(1)
  const day = new Date().toISOString().slice(0, 10)
  return `${day}, ${all.length} × ${cpu}, Node ${process.version}, ${process.platform}, load average ${load}`
}

/** A report as Markdown tables. `×` is the ratio to the first row of the same kind. */
export function formatReport({
  machine,
  warm,
  coldStart,
  imports,
  parts: governed,
  costs,
  growth,
  searches,
}: Report): string {
  const parts = [machine]
  if (warm.length > 0)
    parts.push(
      table(
        WARM,
        warm.map((row) => warmCells(row, warm)),
      ),
    )
  if (coldStart.rows.length > 0)
    parts.push(
      table(
        COLD,
        coldStart.rows.map((row) => coldCells(row, coldStart.rows)),
      ),
      table(
        ['part of the last of these', 'ms'],
        coldStart.parts.map(({ part, ms }) => [part, ms.toFixed(1)]),
      ),
    )
  if (imports.length > 0)
    parts.push(
      table(
        ['import', 'CPU ms', 'ms'],
        imports.map(({ what, ms, cpuMs }) => [`\`${what}\``, whole(cpuMs), whole(ms)]),
      ),
    )
  if (governed.length > 0)
    parts.push(
      table(
        ['part', 'p50 ms', 'p99 ms', '× faster than parsing'],
        governed.map(({ what, p50Ms, p99Ms, faster }) => [
          what,
          p50Ms.toFixed(3),
          p99Ms.toFixed(3),
          faster?.toFixed(1) ?? '–',
        ]),
      ),
    )
  if (costs.length > 0) parts.push(formatCosts(costs))
  if (growth.length > 0) parts.push(formatGrowth(growth))
  if (searches.length > 0) parts.push(formatSearches(searches))
  return parts.join('\n\n')
}

const WARM = [
  'reply',
  'server',
  'CPU ms/request',
  '×',
  'p50 ms',
  '×',
  'p99 ms',
  '×',
  'GoogleSQL CPU ms',
  'RSS MiB',
]

function warmCells(row: WarmRow, rows: readonly WarmRow[]): readonly string[] {
  const base = rows.find(({ reply }) => reply === row.reply) ?? row
  return [
    row.reply,
    row.server,
    fine(row.cpuMs),
    row.cpuRatio.toFixed(1),
    fine(row.p50Ms),
    ratio(row.p50Ms, base.p50Ms),
    fine(row.p99Ms),
    ratio(row.p99Ms, base.p99Ms),
    row.googleSqlCpuMs > 0 ? fine(row.googleSqlCpuMs) : '–',
    whole(row.rssMiB),
  ]
}

const COLD = [
  'start',
  'compile cache',
  'first answer ms',
  '×',
  'of these until it listens',
  'CPU ms',
  '×',
  'RSS MiB',
  'GoogleSQL RSS MiB',
]

function coldCells(row: ColdRow, rows: readonly ColdRow[]): readonly string[] {
  const floor = rows.find(({ compileCache }) => compileCache === row.compileCache) ?? row
  return [
    row.server,
    row.compileCache ? 'yes' : 'no',
    whole(row.firstAnswerMs),
    ratio(row.firstAnswerMs, floor.firstAnswerMs),
    whole(row.listeningMs),
    whole(row.cpuMs),
    ratio(row.cpuMs, floor.cpuMs),
    whole(row.rssMiB),
    row.googleSqlRssMiB > 0 ? whole(row.googleSqlRssMiB) : '–',
  ]
}

const fine = (value: number): string => value.toFixed(2)
const whole = (value: number): string => value.toFixed(0)
const ratio = (value: number, base: number): string => (value / base).toFixed(1)
