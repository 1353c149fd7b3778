import type { SqlEngine } from '../../analysis/sql-engine.ts'
import { attempt } from './attempt.ts'
import { GoogleSqlError, isOutage } from './googlesql-error.ts'
import { bigQueryLanguageOptions } from './language-options.ts'
import type { Protocol } from './protocol.ts'
import type { CallOptions, GoogleSqlServer } from './server.ts'
import { readSyntaxTree } from './syntax-tree.ts'

const LIST_NAMES = 'ExtractTableNamesFromStatement'

/**
 * The `SqlEngine` that a GoogleSQL server is, within `limits` for each call. It asks the server once for
 * its language options.
 */
export function googleSqlEngine(
  server: Pick<GoogleSqlServer, 'call' | 'exchange'>,
  protocol: () => Promise<Protocol>,
  limits: CallOptions,
): SqlEngine {
  let options: Promise<object> | undefined
  const askForOptions = async (): Promise<object> => {
    const asked = await bigQueryLanguageOptions(server.call)
    return (await protocol())('Parse').convert('options', asked)
  }
  const languageOptions = (): Promise<object> => {
    options ??= askForOptions().catch((cause: unknown) => {
      options = undefined
      throw cause
    })
    return options
  }
  return {
    parse: (sql) =>
      attempt(async () => {
        const request = { sql_statement: sql, options: await languageOptions() }
        const reply = await server
          .exchange('Parse', { ...request, allow_script: true }, limits)
          .catch(async (cause: unknown) => {
            throw await betterError(cause, () => server.call(LIST_NAMES, request, limits))
          })
        return readSyntaxTree((await protocol())('Parse').replyType, reply)
      }),
    format: (sql) =>
      attempt(async () => {
        const { sql: formatted } = await server.call('FormatSql', { sql }, limits)
        if (typeof formatted !== 'string') throw new Error('no formatted SQL')
        return formatted
      }),
    tableNames: (sql) =>
      attempt(async () => {
        const request = { sql_statement: sql, options: await languageOptions() }
        const reply = await server.call(LIST_NAMES, request, limits)
        return readTableNames(reply['table_name'])
      }),
  }
}

/**
 * Of a first word that begins no statement, a script says only that it `Expected end of input`; a single
 * statement says, as BigQuery does, that it is unexpected.
 */
async function betterError(cause: unknown, readOne: () => Promise<unknown>): Promise<unknown> {
  if (!(cause instanceof GoogleSqlError) || !/ Expected end of input /.test(cause.message)) {
    return cause
  }
  const other = await readOne().catch((reason: unknown) => reason)
  const same =
    other instanceof GoogleSqlError && position(other.message) === position(cause.message)
  return same || isOutage(other) ? other : cause
}

function position(message: string): string | undefined {
  return / \[at \d+:\d+\]$/m.exec(message)?.[0]
}

function readTableNames(names: unknown): readonly (readonly string[])[] {
  if (names === undefined) return []
  if (!Array.isArray(names)) throw new Error('not a list of table names')
  return names.map((name: unknown) => {
    const segments =
      typeof name === 'object' && name !== null && 'table_name_segment' in name
        ? name.table_name_segment
        : undefined
    if (!Array.isArray(segments)) throw new Error('not a table name')
    return segments.map(String)
  })
}
