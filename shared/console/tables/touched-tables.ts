import { principalKey } from '../../identity/principal.ts'
import type { Governance } from '../../policy/governance.ts'
import { protectionsByName } from '../../policy/protections.ts'
import type { CallDocument } from '../../recording/search/search-document.ts'
import { timeOf } from '../calls/person-of.ts'
import type { TableList } from '../views/table-view.ts'

type Touched = TableList['tables'][number]

const MOST = 500

/**
 * The tables of these calls, most calls first, at most 500. Governed are those of their columns that occurred, and of which
 * the policy in force says something by name.
 */
export function touchedTables(calls: readonly CallDocument[], governance: Governance): Touched[] {
  const byTable = new Map<string, CallDocument[]>()
  for (const call of calls)
    for (const table of new Set([...call.tables, ...call.targets])) {
      const before = byTable.get(table)
      if (before === undefined) byTable.set(table, [call])
      else before.push(call)
    }
  return [...byTable]
    .map(([table, own]) => ({
      table,
      calls: own.length,
      lastAt: timeOf(Math.max(...own.map(({ at }) => at))),
      principals: new Set(
        own.flatMap(({ principal }) => (principal ? principalKey(principal) : [])),
      ).size,
      governedColumns: governedColumns(table, own, governance),
    }))
    .toSorted((a, b) => b.calls - a.calls || (a.table < b.table ? -1 : 1))
    .slice(0, MOST)
}

function governedColumns(
  table: string,
  calls: readonly CallDocument[],
  governance: Governance,
): number {
  const inside = `${table}.`
  const columns = new Set(
    calls.flatMap(({ columns: all }) => all.filter((each) => each.startsWith(inside))),
  )
  return [...columns].filter((column) => protectionsByName(governance, column).length > 0).length
}
