import { formatTable } from '../../shared/bigquery/reference.ts'
import { denialWords } from '../../shared/gateway/denial-words.ts'
import type { Explanation } from '../../shared/policy/explanation.ts'

/** What whoever asked would be told, and what to change; undefined for what is permitted. */
export function refusalWords({ analysis, decision, problem }: Explanation): string | undefined {
  switch (problem?.problem) {
    case 'syntax-error':
      return problem.message
    case 'not-understood':
      return problem.hint
    case 'not-in-catalog':
      return `not found: \`${problem.what}\``
    case 'analyzer-unavailable':
    case undefined:
      break
  }
  if (decision?.effect !== 'deny') return undefined
  const { tables = [], targets = [] } = analysis ?? {}
  return denialWords(decision, {
    tables: tables.map(formatTable),
    targets: targets.map(formatTable),
  })
}
