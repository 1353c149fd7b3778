import type { ResolvedNode } from '../../analysis/resolved-tree.ts'
import type { Resolve } from '../../analysis/resolver.ts'
import type { TraceRequest } from '../../analysis/trace.ts'
import { attempt } from './attempt.ts'
import { catalogProto } from './catalog-proto.ts'
import { bigQueryLanguageOptions } from './language-options.ts'
import type { Protocol } from './protocol.ts'
import { readResolvedTree } from './resolved-tree.ts'
import type { CallOptions, GoogleSqlServer } from './server.ts'
import { typeProto } from './type-proto.ts'

/** What GoogleSQL says in other words first, so that fewer kinds of nodes are left. */
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
  'REWRITE_SET_OPERATION_CORRESPONDING',
]

/** `Resolve` by a GoogleSQL server, within `limits`. */
export function googleSqlResolver(
  server: Pick<GoogleSqlServer, 'call' | 'exchange'>,
  protocol: () => Promise<Protocol>,
  limits: CallOptions,
): Resolve {
  let asked: Promise<object> | undefined
  const languageOptions = (): Promise<object> => {
    asked ??= bigQueryLanguageOptions(server.call).catch((cause: unknown) => {
      asked = undefined
      throw cause
    })
    return asked
  }
  return (request) =>
    attempt(async () => {
      const language = await languageOptions()
      const catalog = catalogProto(request.relations, request.functions, language)
      const reply = await server.exchange(
        'Analyze',
        {
          sql_statement: request.sql,
          simple_catalog: catalog,
          options: { ...options(language), ...parameters(request) },
        },
        limits,
      )
      return placed(readResolvedTree((await protocol())('Analyze').replyType, reply))
    })
}

function options(language: object): object {
  return {
    language_options: language,
    error_message_mode: 'ERROR_MESSAGE_ONE_LINE',
    default_timezone: 'UTC',
    prune_unused_columns: true,
    preserve_column_aliases: true,
    create_new_column_for_each_projected_output: true,
    enabled_rewrites: REWRITES,
    system_variables: [
      { name_path: ['project_id'], type: typeProto({ kind: 'STRING' }) },
      { name_path: ['dataset_id'], type: typeProto({ kind: 'STRING' }) },
      { name_path: ['time_zone'], type: typeProto({ kind: 'STRING' }) },
    ],
  }
}

function parameters({ parameters: given }: TraceRequest): object {
  if (given.mode === 'positional')
    return {
      parameter_mode: 'PARAMETER_POSITIONAL',
      positional_query_parameters: given.types.map((type) => typeProto(type)),
    }
  return {
    parameter_mode: 'PARAMETER_NAMED',
    query_parameters: [...given.types].map(([name, type]) => ({ name, type: typeProto(type) })),
  }
}

/** Tables by their place from 0; on the wire they begin with 1. */
function placed(node: ResolvedNode): ResolvedNode {
  const nodes = new Map(
    [...node.nodes].map(([role, list]) => [role, list.map((each) => placed(each))]),
  )
  if (node.kind !== 'ResolvedTableScan') return { ...node, nodes }
  const place = String(Number(node.texts.get('table')?.[0] ?? Number.NaN) - 1)
  return { ...node, nodes, texts: new Map([...node.texts, ['table', [place]]]) }
}
