import type { LanguageOptions } from '../../../../shared/adapters/googlesql/language-options.ts'
import type { GoogleSqlServer } from '../../../../shared/adapters/googlesql/server.ts'
import { type Message, textOf } from './message.ts'
import { catalogKey, type Entry, registerRequest } from './simple-catalog.ts'

/** A query parameter as GoogleSQL takes it. It runs only queries with named ones. */
export interface Parameter {
  readonly name: string
  readonly type: Message
  readonly value: Message
}

/** One GoogleSQL process. Rejects with `GoogleSqlError`. */
export interface Engine {
  /** Parses any text, a script too, into a syntax tree. */
  readonly parse: (sql: string) => Promise<Message>
  /** The paths of the tables that a statement names, each a list of identifiers. */
  readonly tablePaths: (sql: string) => Promise<Message>
  /** Resolves every name and type of a statement. Undeclared parameters pass when `guess` is set. */
  readonly analyze: (
    sql: string,
    entries: readonly Entry[],
    parameters: readonly Parameter[],
    guess: boolean,
  ) => Promise<Message>
  /** Runs a query, or a DML statement whose changes come back and are not made. */
  readonly evaluate: (
    method: 'EvaluateQuery' | 'EvaluateModify',
    sql: string,
    entries: readonly Entry[],
    parameters: readonly Parameter[],
  ) => Promise<Message>
}

// A job may run for six hours in BigQuery; who waits less says so in its own time.
const LONGEST_MS = 6 * 3_600_000
const ANALYSIS_MS = 30_000
const CATALOGS_KEPT = 12

/** What the engine must do for itself before it can run a resolved statement. */
const REWRITES = [
  'REWRITE_FLATTEN',
  'REWRITE_ARRAY_FILTER_TRANSFORM',
  'REWRITE_UNPIVOT',
  'REWRITE_PIVOT',
  'REWRITE_ARRAY_INCLUDES',
  'REWRITE_TYPEOF_FUNCTION',
  'REWRITE_WITH_EXPR',
  'REWRITE_NULLIFERROR_FUNCTION',
  'REWRITE_LIKE_ANY_ALL',
  'REWRITE_BUILTIN_FUNCTION_INLINER',
  'REWRITE_SET_OPERATION_CORRESPONDING',
  'REWRITE_INLINE_SQL_FUNCTIONS',
  'REWRITE_INLINE_SQL_TVFS',
  // Not REWRITE_GROUPING_SET: in this release ROLLUP then loses its total row without a word.
]

/** The engine of a running process. Its catalogs stay registered while statements keep using them. */
export function engineOf(server: GoogleSqlServer, language: LanguageOptions): Engine {
  const registered = new Map<string, string>()

  const catalogId = async (entries: readonly Entry[]): Promise<string> => {
    const key = catalogKey(entries)
    const known = registered.get(key)
    registered.delete(key)
    const id = known ?? (await register(entries))
    registered.set(key, id)
    const [oldest] = registered.entries()
    if (registered.size > CATALOGS_KEPT && oldest !== undefined) {
      registered.delete(oldest[0])
      await server.call('UnregisterCatalog', { registered_id: oldest[1] })
    }
    return id
  }
  const register = async (entries: readonly Entry[]): Promise<string> => {
    const reply = await server.call('RegisterCatalog', registerRequest(entries, language), {
      timeoutMs: 60_000,
    })
    // Zero is what an unset field means.
    return textOf(reply, 'registered_id') || '0'
  }
  const options = (parameters: readonly Parameter[]): Message => ({
    language_options: language,
    error_message_mode: 'ERROR_MESSAGE_ONE_LINE',
    default_timezone: 'UTC',
    preserve_column_aliases: true,
    create_new_column_for_each_projected_output: true,
    parse_location_record_type: 'PARSE_LOCATION_RECORD_FULL_NODE_SCOPE',
    parameter_mode: 'PARAMETER_NAMED',
    query_parameters: parameters.map(({ name, type }) => ({ name, type })),
  })

  return {
    parse: (sql) =>
      server.call(
        'Parse',
        { sql_statement: sql, options: language, allow_script: true },
        {
          timeoutMs: ANALYSIS_MS,
        },
      ),
    tablePaths: (sql) =>
      server.call(
        'ExtractTableNamesFromStatement',
        { sql_statement: sql, options: language },
        {
          timeoutMs: ANALYSIS_MS,
        },
      ),
    analyze: async (sql, entries, parameters, guess) =>
      server.call(
        'Analyze',
        {
          sql_statement: sql,
          registered_catalog_id: await catalogId(entries),
          options: {
            ...options(parameters),
            allow_undeclared_parameters: guess,
            prune_unused_columns: true,
          },
        },
        { timeoutMs: ANALYSIS_MS },
      ),
    evaluate: async (method, sql, entries, parameters) =>
      server.call(
        method,
        {
          sql,
          registered_catalog_id: await catalogId(entries),
          options: {
            ...options(parameters),
            enabled_rewrites: REWRITES,
            // A change must come back with all columns of its row.
            prune_unused_columns: method === 'EvaluateQuery',
          },
          params: parameters.map(({ name, value }) => ({ name, value })),
        },
        { timeoutMs: LONGEST_MS },
      ),
  }
}
