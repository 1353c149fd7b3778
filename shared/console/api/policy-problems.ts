import type { Result } from '../../kernel/result.ts'
import type { PolicyProblem } from '../../policy/policy-problem.ts'
import type { PolicyProblems } from '../views/policy-view.ts'

/** Nobody reads further; a file can have one for each of its letters. */
const MOST_PROBLEMS = 100

/** What is wrong with a policy, in the order of the file: the first hundred. */
export function problemsOf(
  parsed: Result<unknown, readonly PolicyProblem[]>,
): PolicyProblems['problems'] {
  if (parsed.ok) return []
  return parsed.error.slice(0, MOST_PROBLEMS).map(({ line, column, path, message }) => ({
    message: path === '' ? message : `${path}: ${message}`,
    line,
    column,
  }))
}
