import type { Json } from '../../bigquery/call.ts'
import type { TimeSpan } from '../../recording/reconcile/job-history.ts'

/** A statement of Sluice's own, and its parameters. */
export interface OwnStatement {
  readonly sql: string
  readonly parameters: readonly Json[]
}

/** `@from`, `@to` and `@names`. */
export function parametersOf({ from, to }: TimeSpan, names: readonly string[]): readonly Json[] {
  const instants = Object.entries({ from, to }).map(([name, at]) => ({
    name,
    parameterType: { type: 'TIMESTAMP' },
    parameterValue: { value: new Date(at).toISOString() },
  }))
  const texts = {
    name: 'names',
    parameterType: { type: 'ARRAY', arrayType: { type: 'STRING' } },
    parameterValue: { arrayValues: names.map((value) => ({ value })) },
  }
  return [...instants, texts]
}
