import type { Result } from '../../kernel/result.ts'
import type { PolicyProblem } from '../../policy/policy-problem.ts'
import type { PolicyProblems } from '../views/policy-view.ts'

/** What is wrong with a policy, in the order of the file. */
export function problemsOf(
  parsed: Result<unknown, readonly PolicyProblem[]>,
): PolicyProblems['problems'] {
  if (parsed.ok) return []
  return parsed.error.map(({ line, column, path, message }) => ({
    message: path === '' ? message : `${path}: ${message}`,
    line,
    column,
  }))
}
