import { type RoutineReference, tableKey } from '../catalog/reference.ts'
import type { Routine, RoutineCall } from '../catalog/routine.ts'
import { listOf, type Message, messageAt, textOf, unwrap, walk } from '../engine/message.ts'
import type { Entry } from '../engine/simple-catalog.ts'
import type { SqlContext } from './context.ts'
import { splitPath } from './resolve-path.ts'

/** The routines that a syntax tree calls, and the routines those call, each by the path it is called by. */
export function calledRoutines(tree: Message, context: SqlContext): readonly RoutineCall[] {
  const found = new Map<string, RoutineCall>()
  const add = (call: RoutineCall): void => {
    const key = call.path.join('\0').toLowerCase()
    if (found.has(key)) return
    found.set(key, call)
    for (const inner of call.routine.calls) add(inner)
  }
  walk(tree, (node) => {
    const [kind, call] = unwrap(node)
    if (node['node'] !== kind) return
    const name = calleeOf(kind, call)
    const path = listOf(name, 'names').map((each) => textOf(each, 'id_string'))
    const routine = path.length === 0 ? undefined : resolveRoutine(path, context)
    if (routine !== undefined) add({ path, routine })
  })
  return [...found.values()]
}

/** What the engine must know for these calls: the routines, and the tables that their bodies read. */
export function routineEntries(
  calls: readonly RoutineCall[],
  { catalog }: SqlContext,
): readonly Entry[] {
  const tables = calls.flatMap(({ routine }) => routine.tables)
  return [
    ...calls.map(({ path, routine }) => ({ path, routine, version: routine.version })),
    ...tables.map((reference) => {
      const { columns, version } = catalog.relation(reference)
      const fullName = tableKey(reference)
      return { path: [fullName], fullName, columns, version }
    }),
  ]
}

function calleeOf(kind: string, call: Message): Message {
  if (kind === 'ast_function_call_node') return messageAt(call, 'function')
  return kind === 'ast_tvf_node' ? messageAt(call, 'name') : {}
}

// One that is not here may be GoogleSQL's own; if not, GoogleSQL says so.
function resolveRoutine(path: readonly string[], context: SqlContext): Routine | undefined {
  const [routineId, datasetId, projectId, ...more] = splitPath(path).toReversed()
  if (routineId === undefined || more.length > 0) return undefined
  const dataset =
    datasetId === undefined
      ? context.defaultDataset
      : { projectId: projectId ?? context.projectId, datasetId }
  if (dataset === undefined) return undefined
  const reference: RoutineReference = { ...dataset, routineId }
  return context.catalog.findRoutine(reference)
}
