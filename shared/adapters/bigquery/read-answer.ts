import type { CatalogProblem } from '../../analysis/catalog.ts'
import { parseErrorBody } from '../../bigquery/upstream-error.ts'
import { err, type Result } from '../../kernel/result.ts'
import { BigQueryUnavailable, type OwnAnswer } from './own-questions.ts'

/** What BigQuery answered, or that it does not have `what`; throws `BigQueryUnavailable` for no JSON. */
export function readAnswer<T>(
  { status, body }: OwnAnswer,
  what: string,
  parse: (resource: unknown) => Result<T, CatalogProblem>,
): Result<T, CatalogProblem> {
  if (status === 200) return parse(parseJson(body))
  const said = parseErrorBody(body)?.message ?? ''
  const [, dataset] = /^Not found: (Dataset [^\s,]{1,2000})/i.exec(said) ?? []
  // 403: what the connection may not see is not there for anybody who goes through it.
  return err({ problem: 'not-in-catalog', what: dataset ?? what })
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    throw new BigQueryUnavailable('an answer is not JSON')
  }
}
