import type { ColumnName, FlowTree, WrittenColumn } from '../analysis/lineage.ts'
import type { SqlType } from '../bigquery/sql-type.ts'
import type { DerivedTag } from './derived-tags.ts'
import type { Protection } from './governance.ts'
import type { Governed, GovernedColumns } from './governed-columns.ts'
import { constantMask, isAsStrict } from './strictest-mask.ts'

/** Statements whose target is new, so that it has no masks yet and gets derived tags. */
const CREATING: readonly string[] = ['CREATE_TABLE_AS_SELECT', 'CREATE_VIEW']

/**
 * Masked columns that a statement would write where no mask at least as strict is in force, sorted. Who asks
 * makes no difference: others read what they write.
 */
export function unmaskedSources(
  statementType: string,
  writes: readonly WrittenColumn[],
  governed: GovernedColumns,
): readonly ColumnName[] {
  if (CREATING.includes(statementType)) return []
  const found = new Set<ColumnName>()
  for (const { target, source, flow } of flowsInto(writes)) {
    const protections = governed(source)?.protections ?? []
    const inForce = governed(target)?.protections ?? []
    if (protections.some((one) => !isKept(one, flow, inForce))) found.add(source)
  }
  return [...found].toSorted()
}

/** What has to be known of the columns a statement writes, before it runs. */
export function derivedTags(
  writes: readonly WrittenColumn[],
  governed: GovernedColumns,
): readonly DerivedTag[] {
  const tags = new Map<ColumnName, { sources: Set<string>; isCopy: boolean }>()
  for (const { target, source, flow } of flowsInto(writes)) {
    const from = governed(source)
    if (from === undefined) continue
    const tag = tags.get(target) ?? { sources: new Set(), isCopy: true }
    for (const root of from.roots) tag.sources.add(root)
    tag.isCopy &&= isCopy(from, flow)
    tags.set(target, tag)
  }
  return [...tags]
    .map(([column, tag]) => ({ column, sources: [...tag.sources].toSorted(), isCopy: tag.isCopy }))
    .toSorted((a, b) => (a.column < b.column ? -1 : 1))
}

const isCopy = (from: Governed, flow: string): boolean => from.isCopy && flow === 'copy'

/**
 * Whether some protection of the target hides what this one hides, from everybody from whom this one does:
 * who may have the mask of the target lifted may have this one lifted.
 */
function isKept({ tags, mask }: Protection, flow: string, inForce: readonly Protection[]): boolean {
  if (mask === undefined) return true
  const needed = flow === 'copy' ? mask : constantMask(mask)
  return inForce.some(
    (kept) =>
      kept.mask !== undefined &&
      isAsStrict(kept.mask, needed) &&
      tags.every((tag) => kept.tags.includes(tag)),
  )
}

interface FlowInto {
  readonly target: ColumnName
  readonly source: ColumnName
  readonly flow: string
}

/** Every source of every part of what is written, with the name of the part; elements go by their array. */
function flowsInto(writes: readonly WrittenColumn[]): readonly FlowInto[] {
  return writes.flatMap(({ target, type, flow }) => partsOf(target, type, flow))
}

function partsOf(target: ColumnName, type: SqlType, tree: FlowTree): readonly FlowInto[] {
  const element = tree.element && (type.kind === 'ARRAY' ? type.element : undefined)
  const fields = tree.fields && (type.kind === 'STRUCT' ? type.fields : undefined)
  if ((tree.element && !element) || (tree.fields && fields?.length !== tree.fields.length))
    throw new Error('the flow of a value is not shaped like its type')
  return [
    ...[...tree.sources].map(([source, flow]) => ({ target, source, flow })),
    ...(tree.element && element ? partsOf(target, element, tree.element) : []),
    ...(tree.fields ?? []).flatMap((part, index) => {
      const field = fields?.[index]
      return field === undefined ? [] : partsOf(`${target}.${field.name}`, field.type, part)
    }),
  ]
}
