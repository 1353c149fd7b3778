import { createHash } from 'node:crypto'

import type { Analyze, NameDefaults, StatementType } from '../../shared/analysis/analysis.ts'
import type { Lineage } from '../../shared/analysis/lineage.ts'
import { type TableReference, tableReference } from '../../shared/bigquery/reference.ts'
import type { SqlField } from '../../shared/bigquery/sql-type.ts'
import { err, ok } from '../../shared/kernel/result.ts'

const TYPES: readonly StatementType[] = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE']

/** The columns of whatever `stubBigQuery` answers. */
export const ANSWERED: readonly SqlField[] = [
  { name: 'id', type: { kind: 'INT64' } },
  { name: 'name', type: { kind: 'STRING' } },
]

/** What a statement does that reads no column of a table. */
const NO_LINEAGE: Lineage = {
  outputs: ANSWERED.map((field) => ({ ...field, flow: { sources: new Map() } })),
  writes: [],
  uses: [],
  columns: [],
  routines: [],
  mayFail: false,
}

/**
 * Reads plain statements by pattern, for tests that are about something else and start no GoogleSQL:
 * `BROKEN` is a syntax error, `DOWN` an outage, and anything it does not know is not understood.
 */
export const fakeAnalyzer: Analyze = async (sql, defaults, schemas) => {
  const [first = ''] = sql.trim().toUpperCase().split(/\s+/)
  if (first === 'BROKEN')
    return err({ problem: 'syntax-error', message: 'Syntax error: Unexpected identifier at [1:1]' })
  if (first === 'DOWN') return err({ problem: 'analyzer-unavailable' })
  const statementType = TYPES.find((type) => type === first)
  if (statementType === undefined)
    return err({ problem: 'not-understood', hint: `Sluice does not run ${first} statements` })
  const strippedSql = sql.replaceAll(/'[^']*'|\b\d+\b/g, '?')
  return ok({
    statementType,
    canonicalSql: sql.trim(),
    strippedSql,
    fingerprint: createHash('sha256').update(strippedSql).digest('hex'),
    tables: named(sql, /\b(?:FROM|JOIN)\s+`?([\w.-]+)/gi, defaults),
    targets: named(sql, /\b(?:INTO|UPDATE|MERGE)\s+`?([\w.-]+)/gi, defaults),
    touched:
      schemas === undefined || schemas === 'later'
        ? undefined
        : { lineage: NO_LINEAGE, policyTags: new Map(), sources: [] },
  })
}

function named(sql: string, pattern: RegExp, defaults: NameDefaults): readonly TableReference[] {
  return [...sql.matchAll(pattern)].map(([, name = '']) => {
    const parts = name.split('.')
    const [table = '', dataset = '', project = ''] = parts.toReversed()
    const reference = tableReference(
      project === '' ? defaults.projectId : project,
      dataset === '' ? (defaults.defaultDataset?.datasetId ?? '') : dataset,
      table,
    )
    if (reference === undefined) throw new Error(`the fake analyzer cannot read \`${name}\``)
    return reference
  })
}
