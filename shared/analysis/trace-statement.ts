import { err, ok } from '../kernel/result.ts'
import type { Lineage } from './lineage.ts'
import type { ResolvedNode } from './resolved-tree.ts'
import type { Resolve } from './resolver.ts'
import { syntaxProblem } from './syntax-error.ts'
import type { Trace, TraceRequest } from './trace.ts'
import { expressionOf } from './walk/expressions.ts'
import { type WalkRules, walkRules } from './walk/rules.ts'
import { scanOf } from './walk/scans.ts'
import { walkStatement } from './walk/statements.ts'
import { assertComplete, beginWalk, NotUnderstood } from './walk/walk.ts'

/** Traces by GoogleSQL's resolved tree. Rejects when GoogleSQL cannot be asked. */
export function traceWith(resolve: Resolve, rules: WalkRules = walkRules): Trace {
  return async (request) => {
    const resolved = await resolve(request)
    if (!resolved.ok)
      return err(
        resolved.error.problem === 'invalid'
          ? syntaxProblem(request.sql, resolved.error.message)
          : { problem: 'not-understood', hint: 'make it simpler: GoogleSQL gives up on it' },
      )
    try {
      return ok(lineageOf(resolved.value, request, rules))
    } catch (cause) {
      // A stack of ours overflowed on it.
      if (!(cause instanceof NotUnderstood) && !(cause instanceof RangeError)) throw cause
      const what = cause instanceof NotUnderstood ? describe(cause.message) : 'a part so deep'
      return err({ problem: 'not-understood', hint: `rewrite it without ${what}` })
    }
  }
}

function lineageOf(
  statement: ResolvedNode,
  { relations, functions }: TraceRequest,
  rules: WalkRules,
): Lineage {
  const walk = beginWalk(relations, functions, rules, { expression: expressionOf, scan: scanOf })
  const { outputs, writes } = walkStatement(walk, statement)
  // Fail closed: what the walk did not come by could be where a secret goes.
  assertComplete(walk, statement)
  const { found } = walk
  return {
    outputs,
    writes,
    uses: [...found.uses].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each),
    columns: [...found.columns].toSorted(),
    routines: [...found.routines].toSorted(),
    mayFail: found.failures.length > 0,
  }
}

/** `ResolvedFlattenedArg` as words: `flattened arg`. */
function describe(kind: string): string {
  return kind
    .replace(/Resolved(\w+)/, '$1')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
}
