import { createHash } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import type { ResolvedNode } from '../../analysis/resolved-tree.ts'
import type { Resolve } from '../../analysis/resolver.ts'
import type { TraceRequest } from '../../analysis/trace.ts'
import { attempt } from './attempt.ts'
import { catalogProto } from './catalog-proto.ts'
import { GoogleSqlError, isOutage } from './googlesql-error.ts'
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
  // Encoding hundreds of language features takes longer than most analyses: it is done once for each set of
  // parameters' types.
  const encodedOptions = new LRUCache<string, object>({ max: 200 })
  const optionsFor = async (request: TraceRequest): Promise<object> => {
    const given = parameters(request)
    const key = JSON.stringify(given)
    const known = encodedOptions.get(key)
    if (known !== undefined) return known
    const encoded = (await protocol())('Analyze').convert('options', {
      ...options(await languageOptions()),
      ...given,
    })
    encodedOptions.set(key, encoded)
    return encoded
  }
  // A catalog that the server knows costs a statement 2 ms, one that comes with it 6 ms.
  const registered = new LRUCache<string, Promise<string>>({
    max: 100,
    dispose: (id) => {
      id.then((registered_id) => server.call('UnregisterCatalog', { registered_id }, limits)).catch(
        () => {},
      )
    },
  })
  const register = async (request: TraceRequest): Promise<string> => {
    const simple_catalog = catalogProto(request, await languageOptions(), catalogKey(request))
    const reply = await server.call('RegisterCatalog', { simple_catalog }, limits)
    // 0 is not on the wire.
    return typeof reply['registered_id'] === 'string' ? reply['registered_id'] : '0'
  }
  const catalogOf = (request: TraceRequest): readonly [string, Promise<string>] => {
    const key = catalogKey(request)
    const known = registered.get(key)
    if (known !== undefined) return [key, known]
    const id = register(request)
    registered.set(key, id)
    return [key, id]
  }

  return (request) =>
    attempt(async () => {
      const [key, id] = catalogOf(request)
      try {
        const message = {
          sql_statement: request.sql,
          registered_catalog_id: await id,
          options: await optionsFor(request),
        }
        const reply = await server.exchange('Analyze', message, limits)
        return placed(readResolvedTree((await protocol())('Analyze').replyType, reply), key)
      } catch (cause) {
        // A new process knows none of the old one's catalogs, or others by the same numbers.
        if (isOfAnotherProcess(cause) || isOutage(cause)) registered.clear()
        else if (registered.peek(key) === id && (await settled(id))) registered.delete(key)
        throw isOfAnotherProcess(cause)
          ? new GoogleSqlError('UNAVAILABLE', 'it was restarted')
          : cause
      }
    })
}

/** What makes two catalogs the same. */
function catalogKey({ relations, functions }: TraceRequest): string {
  const parts = JSON.stringify([
    relations.map(({ path, columns }) => [
      path,
      columns.map(({ name, type, isPseudo }) => [name, type, isPseudo]),
    ]),
    functions.map(({ path, arguments: types, returnType }) => [path, types, returnType]),
  ])
  return createHash('sha256').update(parts).digest('hex').slice(0, 32)
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

/** Numbers of catalogs begin again with every process: what answers need not be the one that was asked. */
class AnotherCatalog extends Error {}

function isOfAnotherProcess(cause: unknown): boolean {
  return (
    cause instanceof AnotherCatalog ||
    (cause instanceof GoogleSqlError && /^Registered catalog \d+ unknown/.test(cause.message))
  )
}

/** Whether the catalog could not be registered at all. */
async function settled(id: Promise<string>): Promise<boolean> {
  return id.then(
    () => false,
    () => true,
  )
}

/** Tables by their place from 0; on the wire they begin with 1. Throws for tables of another catalog than `key`. */
function placed(node: ResolvedNode, key: string): ResolvedNode {
  const nodes = new Map(
    [...node.nodes].map(([role, list]) => [role, list.map((each) => placed(each, key))]),
  )
  if (node.kind !== 'ResolvedTableScan') return { ...node, nodes }
  const [catalog, number] = (node.texts.get('table')?.[0] ?? '').split(' ')
  if (catalog !== key) throw new AnotherCatalog()
  return {
    ...node,
    nodes,
    texts: new Map([...node.texts, ['table', [String(Number(number) - 1)]]]),
  }
}
