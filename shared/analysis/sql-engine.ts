import type { Result } from '../kernel/result.ts'
import type { SyntaxNode } from './syntax-tree.ts'

export type EngineProblem =
  /** GoogleSQL's message, with its position and the SQL: `Syntax error: … [at 1:8]`. */
  | { readonly problem: 'invalid'; readonly message: string }
  /** GoogleSQL gives up on it, or its answer is nested too deeply to be read. */
  | { readonly problem: 'unreadable' }

/** Port. GoogleSQL, as far as names need it. Every method rejects when GoogleSQL cannot be asked. */
export interface SqlEngine {
  /** The parse tree of a script of any number of statements. */
  readonly parse: (sql: string) => Promise<Result<SyntaxNode, EngineProblem>>
  /** The same single statement, written GoogleSQL's way, without comments. */
  readonly format: (sql: string) => Promise<Result<string, EngineProblem>>
  /** The paths of the tables a single statement names, by GoogleSQL's own count. */
  readonly tableNames: (
    sql: string,
  ) => Promise<Result<readonly (readonly string[])[], EngineProblem>>
}
