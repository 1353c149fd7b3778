import { LRUCache } from 'lru-cache'

import type {
  Analysis,
  AnalysisProblem,
  Analyze,
  NameDefaults,
  Schemas,
} from '../../analysis/analysis.ts'
import { analyzeStatement, type Depth } from '../../analysis/analyze-statement.ts'
import { currentEtag } from '../../analysis/current-etag.ts'
import { type Relocate, relocateStatement } from '../../analysis/relocate.ts'
import type { SqlEngine } from '../../analysis/sql-engine.ts'
import { traceWith } from '../../analysis/trace-statement.ts'
import type { Trace } from '../../analysis/trace.ts'
import type { WalkRules } from '../../analysis/walk/rules.ts'
import { err, type Result } from '../../kernel/result.ts'
import { isOutage } from './googlesql-error.ts'
import { descriptorFile } from './package-files.ts'
import { loadProtocol } from './protocol.ts'
import { googleSqlResolver } from './resolver.ts'
import { type GoogleSqlServer, startGoogleSql } from './server.ts'
import { googleSqlEngine } from './sql-engine.ts'
import { superviseGoogleSql, type SupervisorOptions } from './supervised.ts'

export interface GoogleSqlAnalyzer {
  readonly analyze: Analyze
  readonly relocate: Relocate
  /** False when closed, and from a crash until GoogleSQL runs again. */
  readonly healthy: () => boolean
  /** Ends GoogleSQL's process. */
  readonly close: () => void
}

export interface AnalyzerOptions extends SupervisorOptions {
  /** How long one step of an analysis may take; by default 5 s. Most take 1 ms. */
  readonly timeoutMs?: number
  /** Judgements of the walker; replaced in tests, which see that wrong ones are caught. */
  readonly rules?: WalkRules
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
    sizeCalculation: (outcome, key) => key.length + JSON.stringify(outcome, mapsToo).length,
  })
  const suspects = new LRUCache<string, true>({ max: 1_000 })
  const engine = (server: Pick<GoogleSqlServer, 'call' | 'exchange'>): SqlEngine =>
    googleSqlEngine(server, () => loadProtocol(descriptor), { timeoutMs })
  const tracer = (server: Pick<GoogleSqlServer, 'call' | 'exchange'>): Trace =>
    traceWith(
      googleSqlResolver(server, () => loadProtocol(descriptor), { timeoutMs }),
      options.rules,
    )
  const shared = { engine: engine(supervised), trace: tracer(supervised) }
  const alone = oneAtATime(
    async (sql: string, defaults: NameDefaults, asked: Asked): Promise<Outcome> => {
      const server = await start(options)
      try {
        const depth = depthOf(asked, tracer(server))
        return await analyzeStatement(engine(server), sql, defaults, depth)
      } catch (cause) {
        if (!isOutage(cause)) throw cause
        const hint = 'make it simpler: it ends the analyzer'
        return err({ problem: 'not-understood', hint })
      } finally {
        server.close()
      }
    },
  )

  const analyze: Analyze = async (sql, defaults, asked) => {
    const key = cacheKey(sql, defaults, asked)
    const known = remembered.get(key)
    if (known !== undefined && (await isCurrent(known, asked))) return known
    try {
      const outcome = await (suspects.has(key)
        ? alone(sql, defaults, asked)
        : analyzeStatement(shared.engine, sql, defaults, depthOf(asked, shared.trace)))
      suspects.delete(key)
      if (isLasting(outcome, asked)) remembered.set(key, outcome)
      return outcome
    } catch (cause) {
      if (!isOutage(cause)) throw cause
      suspects.set(key, true)
      return err({ problem: 'analyzer-unavailable' })
    }
  }
  const relocate: Relocate = async (sql, defaults, relocation) => {
    try {
      return await relocateStatement(shared.engine, sql, defaults, relocation)
    } catch (cause) {
      if (!isOutage(cause)) throw cause
      return err({ problem: 'not-understood' })
    }
  }
  return { analyze, relocate, healthy: supervised.healthy, close: supervised.close }
}

/** What an analysis was asked for besides names. */
type Asked = Schemas | 'later' | undefined

function depthOf(asked: Asked, trace: Trace): Depth {
  return asked === undefined || asked === 'later' ? asked : { trace, schemas: asked }
}

function cacheKey(sql: string, { projectId, defaultDataset }: NameDefaults, asked: Asked): string {
  return JSON.stringify([
    projectId,
    defaultDataset?.projectId ?? '',
    defaultDataset?.datasetId ?? '',
    asked === undefined || asked === 'later'
      ? (asked ?? '')
      : [
          asked.parameterMode ?? '',
          ...asked.parameters.map((each) => [each.name, each.parameterType]),
        ],
    sql,
  ])
}

/** What was wrong with schemas may be right a moment later; what is wrong with the text stays so. */
function isLasting(outcome: Outcome, asked: Asked): boolean {
  return outcome.ok || asked === undefined || asked === 'later'
}

/** Whether everything that was looked up is as it was. */
async function isCurrent(outcome: Outcome, asked: Asked): Promise<boolean> {
  if (asked === undefined || asked === 'later' || !outcome.ok) return true
  const now = await Promise.all(
    (outcome.value.touched?.sources ?? []).map((source) => currentEtag(asked.catalog, source)),
  )
  return (outcome.value.touched?.sources ?? []).every(({ etag }, i) => etag === now[i])
}

function mapsToo(_: string, value: unknown): unknown {
  return value instanceof Map ? [...value] : value
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
