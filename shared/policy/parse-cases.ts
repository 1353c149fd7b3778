import type { Result } from '../kernel/result.ts'
import { type CaseFile, caseFile } from './case-file.ts'
import type { PolicyProblem } from './policy-problem.ts'
import { readStrict } from './read-strict.ts'

/** Reads a file of policy cases, or reports all that is wrong with it, in the order of the file. */
export function parseCases(text: string): Result<CaseFile, readonly PolicyProblem[]> {
  return readStrict(text, caseFile)
}
