import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import type {
  Catalog,
  CatalogProblem,
  CatalogRoutine,
  CatalogTable,
} from '../../analysis/catalog.ts'
import { type TableReference, formatTable, tableReference } from '../../bigquery/reference.ts'
import { type Result, err, ok } from '../../kernel/result.ts'
import { catalogRoutine } from '../catalog-routine.ts'
import { catalogColumns, catalogTable } from '../catalog-table.ts'

/**
 * The catalog that a folder of files describes, all of it read at once. A file is named after what it
 * holds, `PROJECT.DATASET.NAME` or `PROJECT/DATASET/NAME`, and then: `.json`, `.schema.json` a schema as
 * `bq show --schema` writes it, or a whole resource as `bq show --format=json` does; `.sql`, `.view.sql`
 * the query of a view, whose columns are left out. Others are left alone. Throws for a file that is not what its name says.
 */
export function fileCatalog(folder: string): Catalog {
  const tables = new Map<string, CatalogTable>()
  const routines = new Map<string, CatalogRoutine>()
  const unread = new Set<string>()
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
    const file = join(folder, name)
    const named = NAMED.exec(name.replaceAll('\\', '/').replaceAll('/', '.'))
    const [, project = '', dataset = '', id = '', kind = ''] = named ?? []
    if (named === null) continue
    if (kind === 'routine.sql') {
      unread.add(`${project}.${dataset}.${id}`)
      continue
    }
    const text = readFileSync(file, 'utf8')
    const etag = createHash('sha256').update(text).digest('hex')
    const reference = tableReference(project, dataset, id)
    if (reference === undefined) throw new Error(`not the name of a table or routine: \`${file}\``)
    const described: Result<Described, string> = kind.endsWith('sql')
      ? ok({ table: viewOf(reference, text, etag) })
      : fromJson(reference, text, etag)
    if (!described.ok) throw new Error(`${described.error}: \`${file}\``)
    const { table, routine } = described.value
    if (table !== undefined) tables.set(formatTable(table.reference), table)
    if (routine !== undefined) routines.set(routine.name, routine)
  }
  return {
    table: (table) => Promise.resolve(found(tables, formatTable(table))),
    routine: ({ projectId, datasetId }, routineId) => {
      const name = `${projectId}.${datasetId}.${routineId}`
      const hint = `give \`${name}\` as \`bq show --routine --format=json\` does: its CREATE statement is not read`
      return Promise.resolve(
        unread.has(name) && !routines.has(name)
          ? err({ problem: 'not-understood', hint })
          : found(routines, name),
      )
    },
    tablesLike: ({ projectId, datasetId }, prefix) =>
      Promise.resolve(
        ok(
          [...tables.values()]
            .map(({ reference }) => reference)
            .filter((table) => table.projectId === projectId && table.datasetId === datasetId)
            .filter(({ tableId }) => tableId.startsWith(prefix)),
        ),
      ),
  }
}

/** A project may hold dots (`example.com:project`); nothing else does. */
const NAMED = /^(.+?)\.([^.]+)\.([^.]+)\.((?:schema\.)?json|(?:view\.|routine\.)?sql)$/

interface Described {
  readonly table?: CatalogTable
  readonly routine?: CatalogRoutine
}

function found<T>(known: ReadonlyMap<string, T>, what: string): Result<T, CatalogProblem> {
  const value = known.get(what)
  return value === undefined ? err({ problem: 'not-in-catalog', what }) : ok(value)
}

function viewOf(reference: TableReference, text: string, etag: string): CatalogTable {
  const query = text.trim().replace(/;$/, '')
  const view = { query, useLegacySql: false }
  return { reference, type: 'VIEW', etag, columns: [], pseudoColumns: [], view }
}

function fromJson(
  reference: TableReference,
  text: string,
  etag: string,
): Result<Described, string> {
  const json: unknown = jsonOf(text)
  if (Array.isArray(json)) {
    const columns = catalogColumns(json)
    return columns === undefined
      ? err('not a schema as `bq show --schema` writes it')
      : ok({
          table: { reference, type: 'TABLE', etag, columns, pseudoColumns: [], view: undefined },
        })
  }
  if (typeof json !== 'object' || json === null) return err('not JSON')
  const whole = { etag, ...json }
  if ('routineReference' in json) {
    const routine = catalogRoutine(whole)
    return routine.ok ? ok({ routine: routine.value }) : err(wordsOf(routine.error))
  }
  const table = catalogTable({ tableReference: reference, type: 'TABLE', ...whole })
  return table.ok ? ok({ table: table.value }) : err(wordsOf(table.error))
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const wordsOf = (problem: CatalogProblem): string =>
  'hint' in problem ? problem.hint : problem.what
