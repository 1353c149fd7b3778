import type { Policy } from './policy.ts'

/** Fields of `query` that only the schemas of tables and the definitions of views and routines tell. */
const FROM_SCHEMAS = ['columns', 'filterColumns', 'tags', 'routines'] as const

/** Whether a decision needs to know what happens with columns; if not, the names of tables will do. */
export function needsSchemas({ governance, rules }: Policy): boolean {
  return (
    governance.data.length > 0 ||
    governance.policyTags !== undefined ||
    rules.some(({ mentions }) => FROM_SCHEMAS.some((field) => mentions.has(field)))
  )
}

/** Whether a decision needs BigQuery's estimate of the bytes a query processes: a dry run. */
export function needsEstimate({ rules }: Policy): boolean {
  return rules.some(({ mentions }) => mentions.has('estimatedBytes'))
}

/** The fields of `query` that are not known yet. */
export function unknownFields(known: {
  readonly columns: boolean
  readonly estimatedBytes: boolean
}): readonly string[] {
  return [
    ...(known.columns ? [] : FROM_SCHEMAS),
    ...(known.estimatedBytes ? [] : ['estimatedBytes']),
  ]
}
