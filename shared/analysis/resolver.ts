import type { Result } from '../kernel/result.ts'
import type { ResolvedNode } from './resolved-tree.ts'
import type { EngineProblem } from './sql-engine.ts'
import type { TraceRequest } from './trace.ts'

/**
 * Port. GoogleSQL's resolved tree of one statement over relations that are known. A table scan in it says
 * which relation it reads by its place in the request: `texts` has `table: ['0']` for the first. Rejects when
 * GoogleSQL cannot be asked.
 */
export type Resolve = (request: TraceRequest) => Promise<Result<ResolvedNode, EngineProblem>>
