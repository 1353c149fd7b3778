import protobuf from 'protobufjs/light.js'

import type { EngineProblem, SqlEngine } from '../../analysis/sql-engine.ts'
import { err, ok, type Result } from '../../kernel/result.ts'
import { GoogleSqlError, isOutage } from './googlesql-error.ts'
import { bigQueryLanguageOptions, type LanguageOptions } from './language-options.ts'
import type { Protocol } from './protocol.ts'
import type { GoogleSqlServer } from './server.ts'
import { readSyntaxTree } from './syntax-tree.ts'

type Call = GoogleSqlServer['call']

/** The `SqlEngine` that a GoogleSQL server is. It asks the server once for its language options. */
export function googleSqlEngine(call: Call, protocol: () => Promise<Protocol>): SqlEngine {
  let options: Promise<LanguageOptions> | undefined
  const languageOptions = (): Promise<LanguageOptions> => {
    options ??= bigQueryLanguageOptions(call).catch((cause: unknown) => {
      options = undefined
      throw cause
    })
    return options
  }
  return {
    parse: (sql) =>
      attempt(async () => {
        const request = { sql_statement: sql, options: await languageOptions(), allow_script: true }
        const reply = await call('Parse', request)
        const script = (await protocol())('Parse').replyType.fields['parsed_script']?.resolvedType
        if (!(script instanceof protobuf.Type)) throw new Error('no scripts in the protocol')
        return readSyntaxTree(script, reply['parsed_script'])
      }),
    format: (sql) =>
      attempt(async () => {
        const { sql: formatted } = await call('FormatSql', { sql })
        if (typeof formatted !== 'string') throw new Error('no formatted SQL')
        return formatted
      }),
    tableNames: (sql) =>
      attempt(async () => {
        const request = { sql_statement: sql, options: await languageOptions() }
        const reply = await call('ExtractTableNamesFromStatement', request)
        return readTableNames(reply['table_name'])
      }),
  }
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

/** What GoogleSQL says about the SQL is a result; that it could not be asked is thrown. */
async function attempt<T>(ask: () => Promise<T>): Promise<Result<T, EngineProblem>> {
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
