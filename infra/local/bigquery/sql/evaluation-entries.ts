import { tableKey } from '../catalog/reference.ts'
import type { Table } from '../catalog/relation.ts'
import type { Entry, TableEntry } from '../engine/simple-catalog.ts'
import type { SqlContext } from './context.ts'
import { routineEntries } from './routine-calls.ts'
import type { Runnable } from './runnable.ts'

/** The tables and routines of a statement, as the engine takes them to run it. */
export function evaluationEntries(run: Runnable, context: SqlContext): readonly Entry[] {
  const tables = new Map(run.reads.map(({ table }) => [tableKey(table.reference), table]))
  const routines = routineEntries(run.routines, context).filter((entry) => 'routine' in entry)
  return [...[...tables.values()].map(tableEntry), ...routines]
}

/** The table as the engine takes it, under its one name. */
export function tableEntry(table: Table): TableEntry {
  const fullName = tableKey(table.reference)
  const { columns, rows, version } = table
  return { path: [fullName], fullName, columns, rows, version }
}
