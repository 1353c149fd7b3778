import { styleText } from 'node:util'

import type { Flow, FlowTree, Lineage } from '../../shared/analysis/lineage.ts'
import { formatTable } from '../../shared/bigquery/reference.ts'
import type { SqlType } from '../../shared/bigquery/sql-type.ts'
import type { Obligations } from '../../shared/policy/decision.ts'
import type { Explanation } from '../../shared/policy/explanation.ts'
import { maskText } from '../../shared/policy/mask-text.ts'
import { approvalText } from './approval-text.ts'
import { refusalWords } from './refusal-words.ts'

/** An explanation for people; with colours only where standard output is a terminal. */
export function explanationText(explanation: Explanation): string {
  const { analysis, approvals, decision, problem } = explanation
  const effect = decision?.effect ?? 'deny'
  const reason = problem?.problem ?? (decision?.effect === 'deny' ? decision.reason : undefined)
  const obligations =
    decision !== undefined && 'obligations' in decision ? decision.obligations : undefined
  const words = refusalWords(explanation)
  const lineage = analysis?.touched?.lineage
  const lines = [
    `${styleText(COLOURS[effect], effect)}${reason === undefined ? '' : `: ${reason}`}`,
    ...(words === undefined ? [] : [`  ${words}`]),
    ...fact('rules', decision?.rules.join(', ')),
    ...approvals.flatMap((terms) => fact('approval', approvalText(terms))),
    ...fact('reads', analysis?.tables.map(formatTable).join(', ')),
    ...fact('writes', analysis?.targets.map(formatTable).join(', ')),
    ...fact('routines', lineage?.routines.join(', ')),
    ...fact('limits', obligations && limits(obligations)),
    ...(lineage === undefined ? [] : lineageLines(lineage, obligations)),
  ]
  return `${lines.join('\n')}\n`
}

const COLOURS = { permit: 'green', 'require-approval': 'yellow', deny: 'red' } as const

function fact(name: string, value: string | undefined): readonly string[] {
  return value === undefined || value === '' ? [] : [`  ${name.padEnd(9)}${value}`]
}

function limits({ maximumBytesBilled, jobTimeoutMs, maximumRows }: Obligations): string {
  return [
    ...(maximumBytesBilled === undefined ? [] : [`${byteText(maximumBytesBilled)} billed`]),
    ...(maximumRows === undefined ? [] : [`${maximumRows} rows`]),
    ...(jobTimeoutMs === undefined ? [] : [`${jobTimeoutMs / 1000} s`]),
  ].join(', ')
}

/** Bytes as a policy writes them. */
function byteText(bytes: number): string {
  for (const [power, unit] of ['TiB', 'GiB', 'MiB', 'KiB'].entries()) {
    const size = 1024 ** (4 - power)
    if (bytes >= size && bytes % size === 0) return `${bytes / size} ${unit}`
  }
  return `${bytes} bytes`
}

function lineageLines(lineage: Lineage, obligations: Obligations | undefined): readonly string[] {
  const masks = new Map(
    obligations?.masks.map(({ path, mask }) => [path.join('.'), maskText(mask)] as const) ?? [],
  )
  return [
    ...section(
      'output',
      lineage.outputs.flatMap(({ name, type, flow }, index) =>
        parts({ name, path: `${index}` }, type, flow),
      ),
      masks,
    ),
    ...section(
      'written',
      lineage.writes.flatMap(({ target, type, flow }) =>
        parts({ name: target, path: '' }, type, flow),
      ),
      new Map(),
    ),
    ...section(
      'used',
      lineage.uses.map(({ column, use, by }) => ({
        name: column,
        path: '',
        from: [by === undefined ? use : `${use}: ${by}`],
      })),
      new Map(),
    ),
  ]
}

interface Place {
  readonly name: string
  /** Positions, as masks have them. */
  readonly path: string
}

interface Part extends Place {
  readonly from: readonly string[]
}

/** A table of three columns: a part, a line for each thing it comes from, and its mask. */
function section(
  title: string,
  rows: readonly Part[],
  masks: ReadonlyMap<string, string>,
): readonly string[] {
  if (rows.length === 0) return []
  const nameWidth = Math.max(...rows.map(({ name }) => name.length))
  const fromWidth = Math.max(...rows.flatMap(({ from }) => from.map((each) => each.length)))
  const lines = rows.flatMap(({ name, path, from }) =>
    from.map((each, index) => {
      const mask = index === 0 ? masks.get(path) : undefined
      const start = `  ${(index === 0 ? name : '').padEnd(nameWidth)}  `
      return mask === undefined
        ? `${start}${each}`
        : `${start}${each.padEnd(fromWidth)}  ${styleText('yellow', mask)}`
    }),
  )
  // The elements of an array come from where it comes from, and are named as it is.
  return [title, ...lines.filter((line, index) => line !== lines[index - 1])]
}

/** A value and those of its parts that are told apart. */
function parts(place: Place, type: SqlType, tree: FlowTree): readonly Part[] {
  const element = type.kind === 'ARRAY' ? type.element : undefined
  const fields = type.kind === 'STRUCT' ? type.fields : []
  const inner = [
    ...(tree.fields ?? []).flatMap((part, index) => {
      const field = fields[index]
      const inside = { name: `${place.name}.${field?.name}`, path: `${place.path}.${index}` }
      return field === undefined ? [] : parts(inside, field.type, part)
    }),
    ...(tree.element === undefined || element === undefined
      ? []
      : parts(place, element, tree.element)),
  ]
  const from = [...tree.sources].map(([column, flow]) => `${flowText(flow)} ${column}`)
  if (from.length === 0) return inner.length > 0 ? inner : [{ ...place, from: ['no column'] }]
  return [{ ...place, from }, ...inner]
}

function flowText(flow: Flow): string {
  switch (flow) {
    case 'copy':
      return 'copy of'
    case 'derived':
      return 'computed with'
    case 'implicit':
      return 'decided by'
    default:
      return `${flow.slice('count:'.length)} of`
  }
}
