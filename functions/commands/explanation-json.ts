import type { FlowTree } from '../../shared/analysis/lineage.ts'
import { formatTable } from '../../shared/bigquery/reference.ts'
import type { SqlType } from '../../shared/bigquery/sql-type.ts'
import type { Explanation } from '../../shared/policy/explanation.ts'
import { refusalWords } from './refusal-words.ts'

/** An explanation as one JSON document. */
export function explanationJson(explanation: Explanation): string {
  const { analysis, approvals, decision, problem } = explanation
  const lineage = analysis?.touched?.lineage
  const document = {
    decision: decision?.effect ?? 'deny',
    reason: problem?.problem ?? (decision?.effect === 'deny' ? decision.reason : undefined),
    hint: refusalWords(explanation),
    rules: decision?.rules ?? [],
    approvals,
    policyDigest: decision?.policyDigest,
    obligations:
      decision !== undefined && 'obligations' in decision ? decision.obligations : undefined,
    statementType: analysis?.statementType,
    sql: analysis?.canonicalSql,
    tables: analysis?.tables.map(formatTable),
    targets: analysis?.targets.map(formatTable),
    routines: lineage?.routines,
    columns: lineage?.columns,
    outputs: lineage?.outputs.map(({ name, type, flow }) => ({
      name,
      type: typeText(type),
      flow: flowJson(flow, type),
    })),
    writes: lineage?.writes.map(({ target, type, flow }) => ({
      target,
      type: typeText(type),
      flow: flowJson(flow, type),
    })),
    uses: lineage?.uses,
  }
  return `${JSON.stringify(document, undefined, 2)}\n`
}

interface FlowJson {
  readonly sources: readonly { readonly column: string; readonly flow: string }[]
  readonly fields?: readonly (FlowJson & { readonly name: string })[]
  readonly element?: FlowJson
}

function flowJson(tree: FlowTree, type: SqlType): FlowJson {
  const fields = type.kind === 'STRUCT' ? type.fields : []
  const element = type.kind === 'ARRAY' ? type.element : undefined
  return {
    sources: [...tree.sources].map(([column, flow]) => ({ column, flow })),
    ...(tree.fields !== undefined && {
      fields: tree.fields.map((part, index) => ({
        name: fields[index]?.name ?? '',
        ...flowJson(part, fields[index]?.type ?? type),
      })),
    }),
    ...(tree.element !== undefined && { element: flowJson(tree.element, element ?? type) }),
  }
}

/** A type as GoogleSQL writes it: `ARRAY<STRUCT<id INT64>>`. */
function typeText(type: SqlType): string {
  if (type.kind === 'ARRAY' || type.kind === 'RANGE')
    return `${type.kind}<${typeText(type.element)}>`
  if (type.kind !== 'STRUCT') return type.kind
  const fields = type.fields.map((field) => `${field.name} ${typeText(field.type)}`.trim())
  return `STRUCT<${fields.join(', ')}>`
}
