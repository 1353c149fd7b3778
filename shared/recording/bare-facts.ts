import type { CallFacts } from './entry.ts'

/** What the record says of a call of which nothing more is known. */
export function bareFacts(method: string, projectId: string | undefined): CallFacts {
  return {
    method,
    projectId,
    dryRun: false,
    statementType: undefined,
    sql: undefined,
    strippedSql: undefined,
    fingerprint: undefined,
    parameters: undefined,
    tables: [],
    targets: [],
    routines: undefined,
    estimatedBytes: undefined,
    justification: undefined,
    job: undefined,
  }
}
