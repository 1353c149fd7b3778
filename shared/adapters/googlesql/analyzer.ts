import { LRUCache } from 'lru-cache'

import type { Analysis, AnalysisProblem, Analyze, NameDefaults } from '../../analysis/analysis.ts'
import { analyzeStatement } from '../../analysis/analyze-statement.ts'
import type { SqlEngine } from '../../analysis/sql-engine.ts'
import { err, type Result } from '../../kernel/result.ts'
import { isOutage } from './googlesql-error.ts'
import { descriptorFile } from './package-files.ts'
import { loadProtocol } from './protocol.ts'
import { type GoogleSqlServer, startGoogleSql } from './server.ts'
import { googleSqlEngine } from './sql-engine.ts'
import { superviseGoogleSql, type SupervisorOptions } from './supervised.ts'

export interface GoogleSqlAnalyzer {
  readonly analyze: Analyze
  /** False when closed, and from a crash until GoogleSQL runs again. */
  readonly healthy: () => boolean
  /** Ends GoogleSQL's process. */
  readonly close: () => void
}

export interface AnalyzerOptions extends SupervisorOptions {
  /** How long one step of an analysis may take; by default 5 s. Most take 1 ms. */
  readonly timeoutMs?: number
}

type Outcome = Result<Analysis, AnalysisProblem>

/**
 * `Analyze` by GoogleSQL itself, in a supervised process. Answers are remembered; an outage never is.
 *
 * A statement that was in flight when the process died is a suspect: it is analysed next time in a process
 * of its own. If it ends that one too, it was the statement, and it is remembered as not understood; so
 * nobody's SQL is refused for what another's did, and none brings the process down twice.
 */
export function googleSqlAnalyzer(options: AnalyzerOptions = {}): GoogleSqlAnalyzer {
  const { timeoutMs = 5_000, start = startGoogleSql, descriptor = descriptorFile } = options
  const supervised = superviseGoogleSql(options)
  const remembered = new LRUCache<string, Outcome>({
    maxSize: 32 * 1024 * 1024,
    sizeCalculation: (outcome, key) => key.length + JSON.stringify(outcome).length,
  })
  const suspects = new LRUCache<string, true>({ max: 1_000 })
  const engine = (server: Pick<GoogleSqlServer, 'call' | 'exchange'>): SqlEngine =>
    googleSqlEngine(server, () => loadProtocol(descriptor), { timeoutMs })
  const shared = engine(supervised)
  const alone = oneAtATime(async (sql: string, defaults: NameDefaults): Promise<Outcome> => {
    const server = await start(options)
    try {
      return await analyzeStatement(engine(server), sql, defaults)
    } catch (cause) {
      if (!isOutage(cause)) throw cause
      const hint = 'make it simpler: it ends the analyzer'
      return err({ problem: 'not-understood', hint })
    } finally {
      server.close()
    }
  })

  const analyze: Analyze = async (sql, defaults) => {
    const key = cacheKey(sql, defaults)
    const known = remembered.get(key)
    if (known !== undefined) return known
    try {
      const outcome = await (suspects.has(key)
        ? alone(sql, defaults)
        : analyzeStatement(shared, sql, defaults))
      suspects.delete(key)
      remembered.set(key, outcome)
      return outcome
    } catch (cause) {
      if (!isOutage(cause)) throw cause
      suspects.set(key, true)
      return err({ problem: 'analyzer-unavailable' })
    }
  }
  return { analyze, healthy: supervised.healthy, close: supervised.close }
}

function cacheKey(sql: string, { projectId, defaultDataset }: NameDefaults): string {
  return JSON.stringify([
    projectId,
    defaultDataset?.projectId ?? '',
    defaultDataset?.datasetId ?? '',
    sql,
  ])
}

/** `work`, where a second call waits for the first. */
function oneAtATime<A extends readonly unknown[], R>(
  work: (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  let last: Promise<unknown> = Promise.resolve()
  return (...args) => {
    const turn = last.then(() => work(...args))
    last = turn.catch(() => {})
    return turn
  }
}
