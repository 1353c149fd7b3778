import { type TableReference, formatTable } from '../bigquery/reference.ts'
import { evaluateByName } from './evaluate.ts'
import type { Facts, Policy } from './policy.ts'

/**
 * Whether a plain `SELECT` from this one table, billed to its own project, would be permitted, if need be
 * by people: nobody asks for what they cannot find. Lists of tables and datasets show what passes, so that
 * metadata tells nobody more than queries would. Decided by name: as if it read no column.
 */
export function maySelect(
  policy: Policy,
  caller: Pick<Facts, 'principal' | 'request'>,
  table: TableReference,
): boolean {
  return evaluateByName(policy, { ...caller, query: readingFacts(table) }).effect !== 'deny'
}

/** What conditions see of reading one table without SQL, billed to its own project. */
export function readingFacts(table: TableReference): Facts['query'] {
  return {
    statementType: 'SELECT',
    tables: [formatTable(table)],
    targets: [],
    projects: [table.projectId],
    parameters: [],
    dryRun: false,
    routines: [],
    estimatedBytes: undefined,
    justification: '',
  }
}
