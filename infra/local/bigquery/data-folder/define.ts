import { tableKey } from '../catalog/reference.ts'
import type { Routine, RoutineArgument } from '../catalog/routine.ts'
import {
  listOf,
  type Message,
  messageAt,
  type Range,
  rangeOf,
  textOf,
  textsOf,
  unwrap,
} from '../engine/message.ts'
import { BigQueryError, cannot } from '../errors.ts'
import { type Analysis, analyzeStatement } from '../sql/analysis.ts'
import type { SqlContext } from '../sql/context.ts'
import { created } from '../sql/create-statement.ts'
import { resolveReference } from '../sql/resolve-path.ts'
import { runnable } from '../sql/runnable.ts'
import { statementOf } from '../sql/statement.ts'
import { typeOfProto } from '../types/type-proto.ts'
import { DataProblem, lineOf } from './data-problem.ts'
import type { SqlFile } from './read-data-folder.ts'

/** Puts the view in a `.view.sql` file, which holds its query, into the catalog. Throws. */
export async function defineView(file: SqlFile, context: SqlContext): Promise<void> {
  const query = file.sql.trim().replace(/;$/, '')
  const analysis = await analyzeStatement(query, context, [])
  const statement = statementOf(analysis.reply)
  if (statement.kind !== 'query') throw invalid('a view file holds the SELECT of the view')
  context.catalog.put({
    kind: 'VIEW',
    reference: { ...file.dataset, tableId: file.id },
    columns: statement.columns,
    query,
    version: context.catalog.nextVersion(),
    creationTime: file.at,
    lastModifiedTime: file.at,
  })
}

/** Puts the function in a `.routine.sql` file, which holds its CREATE statement, into the catalog. Throws. */
export async function defineRoutine(file: SqlFile, context: SqlContext): Promise<void> {
  const analysis = await analyzeStatement(file.sql, context, [])
  const statement = statementOf(analysis.reply)
  if (statement.kind !== 'create-routine') {
    throw invalid('a routine file holds CREATE FUNCTION or CREATE TABLE FUNCTION')
  }
  const { node, isTableFunction } = statement
  const named = resolveReference(created(node).path, context)
  if (tableKey(named) !== tableKey({ ...file.dataset, tableId: file.id })) {
    const wanted = tableKey({ ...file.dataset, tableId: file.id })
    throw new DataProblem(
      file.file,
      lineOf(file.sql, /FUNCTION/i),
      `the function is called \`${tableKey(named)}\`; call it \`${wanted}\`, or move the file`,
    )
  }
  const language = textOf(node, 'language').toUpperCase()
  if (language !== 'SQL') throw cannot(`functions in ${language}`)
  const signature = messageAt(node, 'signature')
  const names = textsOf(node, 'argument_name_list')
  const args = listOf(signature, 'argument').map((each, index) =>
    argument(names[index] ?? '', each),
  )
  if (args.some(({ type }) => type === undefined) && analysis.namesTables) {
    throw cannot('functions of ANY TYPE that read tables; spell out the types')
  }
  const body = await runnable(analysis, context, bodyRange(analysis, isTableFunction))
  const returns = messageAt(node, 'return_type')
  const columns = listOf(
    messageAt(signature, 'return_type', 'options', 'relation_input_schema'),
    'column',
  )
  const routine: Routine = {
    reference: { ...file.dataset, routineId: file.id },
    kind: isTableFunction ? 'TABLE_VALUED_FUNCTION' : 'SCALAR_FUNCTION',
    arguments: args,
    ...(!isTableFunction && 'type_kind' in returns && { returnType: typeOfProto(returns) }),
    ...(isTableFunction && {
      returnColumns: columns.map((column) => ({
        name: textOf(column, 'name'),
        type: typeOfProto(messageAt(column, 'type')),
      })),
    }),
    body: textOf(node, 'code'),
    runnableBody: body.sql,
    tables: [...new Set(body.reads.map(({ table }) => table.reference))],
    calls: body.routines,
    version: context.catalog.nextVersion(),
    creationTime: file.at,
  }
  context.catalog.putRoutine(routine)
}

function argument(name: string, proto: Message): RoutineArgument {
  const kind = textOf(proto, 'kind')
  if (kind === 'ARG_TYPE_ARBITRARY') return { name }
  if (kind !== 'ARG_TYPE_FIXED') throw cannot(`arguments like \`${name}\`; only values`)
  return { name, type: typeOfProto(messageAt(proto, 'type')) }
}

function bodyRange({ tree }: Analysis, isTableFunction: boolean): Range {
  const [, statement] = unwrap(tree)
  const range = rangeOf(messageAt(statement, isTableFunction ? 'query' : 'sql_function_body'))
  if (range === undefined) throw cannot('functions without a SQL body')
  return range
}

function invalid(message: string): BigQueryError {
  return new BigQueryError('invalidQuery', message)
}
