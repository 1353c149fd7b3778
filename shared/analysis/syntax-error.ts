import type { AnalysisProblem } from './analysis.ts'
import { unsupportedSyntaxHint } from './unsupported-syntax.ts'

/**
 * GoogleSQL's message about `sql` as the problem the caller sees: `Syntax error: … at [1:8]`, as BigQuery
 * writes it. What looks like syntax that only BigQuery's newer GoogleSQL knows is `not-understood`.
 */
export function syntaxProblem(sql: string, message: string): AnalysisProblem {
  const hint = unsupportedSyntaxHint(sql)
  if (hint !== undefined) return { problem: 'not-understood', hint }
  // The lines after the first repeat the SQL and point at it.
  const [first = ''] = message.split('\n')
  return { problem: 'syntax-error', message: first.replace(/ \[at (\d+:\d+)\]$/, ' at [$1]') }
}
