import type { ColumnName, Flow, FlowTree, OutputColumn } from '../analysis/lineage.ts'
import type { SqlType } from '../bigquery/sql-type.ts'
import type { Governance } from './governance.ts'
import type { Mask, OutputMask } from './mask.ts'
import { constantMask, strictestMask } from './strictest-mask.ts'

/** The mask of a column for whoever asks; undefined when they may see it. */
export type MaskOf = (column: ColumnName) => Mask | undefined

/**
 * The masks of a result, in its order. A part of a STRUCT, or of the elements of an array, is masked by
 * itself; what a masked column has made an array or a STRUCT as such of is masked whole.
 */
export function outputMasks(
  outputs: readonly OutputColumn[],
  maskOf: MaskOf,
  aggregates: Governance['aggregates'],
): readonly OutputMask[] {
  return outputs.flatMap(({ name, type, flow }, index) =>
    masksOf(flow, { type, path: [index], name: name === '' ? `f${index}_` : name }),
  )

  function masksOf(flow: FlowTree, at: Place): readonly OutputMask[] {
    const whole = maskOfSources(flow.sources, at.type.kind)
    if (whole !== undefined) return [{ path: at.path, name: at.name, ...whole }]
    return [...elementMasks(flow, at), ...fieldMasks(flow, at)]
  }

  function fieldMasks({ fields }: FlowTree, at: Place): readonly OutputMask[] {
    if (fields === undefined) return []
    const { type } = at
    if (type.kind !== 'STRUCT' || type.fields.length !== fields.length)
      throw new Error('the flow of a value is not shaped like its type')
    return type.fields.flatMap((field, index) => {
      const flow = fields[index]
      if (flow === undefined) return []
      const name = `${at.name}.${field.name === '' ? `_field_${index + 1}` : field.name}`
      return masksOf(flow, { type: field.type, path: [...at.path, index], name })
    })
  }

  function elementMasks({ element }: FlowTree, at: Place): readonly OutputMask[] {
    if (element === undefined) return []
    const { type } = at
    if (type.kind !== 'ARRAY') throw new Error('the flow of a value is not shaped like its type')
    return masksOf(element, { ...at, type: type.element }).map((mask) =>
      // The path of an element is that of its array, and a path that ends there masks it whole.
      mask.path.length === at.path.length ? { ...mask, mask: constantMask(mask.mask) } : mask,
    )
  }

  function maskOfSources(
    sources: FlowTree['sources'],
    kind: SqlType['kind'],
  ): Pick<OutputMask, 'mask' | 'columns'> | undefined {
    const columns: ColumnName[] = []
    const masks: Mask[] = []
    let flows: 'copies' | 'counts' | 'mixed' | undefined
    for (const [column, flow] of sources) {
      const mask = maskOf(column)
      if (mask === undefined) continue
      columns.push(column)
      masks.push(mask)
      const sort = sortOf(flow)
      flows = flows === undefined || flows === sort ? sort : 'mixed'
    }
    const strictest = strictestMask(masks)
    if (strictest === undefined) return undefined
    columns.sort()
    if (flows === 'counts')
      return { columns, mask: { kind: 'small-count', below: aggregates.minimumGroupSize } }
    const isWhole = kind === 'ARRAY' || kind === 'STRUCT' || kind === 'RANGE'
    const mask = flows === 'copies' && !isWhole ? strictest : constantMask(strictest)
    return { columns, mask }
  }

  function sortOf(flow: Flow): 'copies' | 'counts' | 'mixed' {
    if (flow === 'copy') return 'copies'
    return aggregates.functions.some((name) => flow === `count:${name}`) ? 'counts' : 'mixed'
  }
}

interface Place {
  readonly type: SqlType
  readonly path: readonly number[]
  readonly name: string
}
