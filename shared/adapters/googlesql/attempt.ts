import type { EngineProblem } from '../../analysis/sql-engine.ts'
import { err, ok, type Result } from '../../kernel/result.ts'
import { GoogleSqlError, isOutage } from './googlesql-error.ts'

/** Asks GoogleSQL. What GoogleSQL says about the SQL is a result; that it could not be asked is thrown. */
export async function attempt<T>(ask: () => Promise<T>): Promise<Result<T, EngineProblem>> {
  try {
    return ok(await ask())
  } catch (cause) {
    // A stack of ours overflowed while reading the answer.
    if (cause instanceof RangeError) return err({ problem: 'unreadable' })
    if (!(cause instanceof GoogleSqlError) || isOutage(cause)) throw cause
    return cause.code === 'INVALID_ARGUMENT'
      ? err({ problem: 'invalid', message: cause.message })
      : err({ problem: 'unreadable' })
  }
}
