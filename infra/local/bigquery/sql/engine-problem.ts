import { GoogleSqlError } from '../../../../shared/adapters/googlesql/googlesql-error.ts'
import { BigQueryError, cannot } from '../errors.ts'

/** What the engine said no with, in BigQuery's words; anything else comes back as it was. */
export function engineProblem(cause: unknown): unknown {
  if (!(cause instanceof GoogleSqlError)) return cause
  const message = bigQueryWords(cause.message)
  switch (cause.code) {
    case 'INVALID_ARGUMENT':
    case 'OUT_OF_RANGE':
    case 'NOT_FOUND':
    case 'ALREADY_EXISTS':
      return UNSUPPORTED.test(message) || UNKNOWN.has(missingFunction(message))
        ? cannot(message)
        : new BigQueryError('invalidQuery', message)
    case 'RESOURCE_EXHAUSTED':
      return new BigQueryError(
        'resourcesExceeded',
        `Resources exceeded during query execution: the local BigQuery's engine takes 4 MiB of tables for a query: ${message}`,
      )
    case 'UNAVAILABLE':
      return cannot('its SQL engine crashed on this statement')
    case 'DEADLINE_EXCEEDED':
      return cannot('its SQL engine took too long to understand this statement')
    default:
      return cannot(message)
  }
}

const UNSUPPORTED =
  /^Evaluator does not support|^Statement not supported|^Unrecognized name: @@|GROUP BY ALL|^Function not found: (?:AI|ML|OBJ|KLL_QUANTILES)\./i
const GROUPING_SETS = 'GROUP BY ROLLUP, CUBE and GROUPING SETS'

/** Functions of BigQuery that this release of GoogleSQL has not heard of. */
const UNKNOWN = new Set([
  'BAG_OF_WORDS',
  'CONTAINS_SUBSTR',
  'COSINE_DISTANCE',
  'DLP_DETERMINISTIC_ENCRYPT',
  'EDIT_DISTANCE',
  'EUCLIDEAN_DISTANCE',
  'EXTERNAL_QUERY',
  'JSON_FLATTEN',
  'JSON_KEYS',
  'SEARCH',
  'TEXT_ANALYZE',
  'TF_IDF',
  'VECTOR_SEARCH',
])

function missingFunction(message: string): string {
  return /^(?:Table-valued f|F)unction not found: ([\w.]+)/.exec(message)?.[1]?.toUpperCase() ?? ''
}

function bigQueryWords(message: string): string {
  const [first = ''] = message.split('\n')
  return first
    .replace(/ \[at (\d+):(\d+)\]$/, ' at [$1:$2]')
    .replace(
      /Query parameter '_positional_(\d+)' not found/,
      'Query parameter number $1 is not defined',
    )
    .replaceAll(/TEMPLATED_SQL_FUNCTION:/gi, '')
    .replace(/^Unimplemented feature \(Resolved(?:Rollup|Cube|GroupingSet)\b.*/, GROUPING_SETS)
}

/**
 * The message with the column of its `at [line:column]` moved back to where it was before `shifts`:
 * places in the analysed text where characters were put in.
 */
export function movedBack(
  message: string,
  shifts: readonly { readonly line: number; readonly column: number; readonly by: number }[],
): string {
  return message.replace(/ at \[(\d+):(\d+)\]$/, (_all, line: string, column: string) => {
    const before = shifts.filter(
      (shift) => shift.line === Number(line) && shift.column < Number(column),
    )
    const moved = before.reduce((at, { by }) => at - by, Number(column))
    return ` at [${line}:${moved}]`
  })
}
