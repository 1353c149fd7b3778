import type { Grant } from './grant.ts'

/** What stands in place of the SQL of a grant that was forgotten: people see it. */
const ERASED_SQL = '-- erased'

/**
 * A grant without what may hold values of the data: its SQL, parameters, labels and justification. Its digest and
 * events stay, so it says still what was approved, by whom; nothing can start under it.
 */
export function forgotten(grant: Grant): Grant {
  const { request, told } = grant
  return {
    ...grant,
    request: {
      ...request,
      sql: ERASED_SQL,
      parameters: [],
      options: { ...request.options, labels: {} },
      justification: undefined,
    },
    told: { ...told, justification: undefined },
  }
}

export function isForgotten({ request }: Grant): boolean {
  return request.sql === ERASED_SQL
}
