import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

import type { Catalog } from '../catalog/catalog.ts'
import type { DatasetReference } from '../catalog/reference.ts'
import type { EnginePool } from '../engine/pool.ts'
import { BigQueryError } from '../errors.ts'
import type { SqlContext } from '../sql/context.ts'
import { USER_EMAIL } from '../sql/stand-ins.ts'
import { DataProblem } from './data-problem.ts'
import { defineRoutine, defineView } from './define.ts'
import { readRows } from './read-rows.ts'
import { readSchema } from './read-schema.ts'

/** A view or a routine in a file of its own. */
export interface SqlFile {
  readonly file: string
  readonly kind: 'view' | 'routine'
  readonly dataset: DatasetReference
  readonly id: string
  readonly sql: string
  /** When the file was last changed, in epoch milliseconds. */
  readonly at: number
}

/**
 * Fills the catalog from `DIR/<project>/<dataset>/`: `<table>.schema.json` with `<table>.ndjson`,
 * `<view>.view.sql`, `<routine>.routine.sql`. `copies` has the same under another project: by its id, that of which it
 * is a copy. Throws `DataProblem` for what it cannot read.
 */
export async function readDataFolder(
  folder: string,
  catalog: Catalog,
  pool: EnginePool,
  informationSchema: SqlContext['informationSchema'],
  copies: Readonly<Record<string, string>> = {},
): Promise<void> {
  if (!existsSync(folder)) throw new DataProblem(folder, 1, 'no such folder; give one with data')
  const sqlFiles: SqlFile[] = []
  for (const { name } of foldersIn(folder)) {
    const copiesOf = Object.entries(copies).filter(([, of]) => of === name)
    for (const projectId of [name, ...copiesOf.map(([copy]) => copy)]) {
      catalog.addProject(projectId)
      for (const dataset of foldersIn(join(folder, name))) {
        const reference = { projectId, datasetId: dataset.name }
        const path = join(folder, name, dataset.name)
        catalog.addDataset(reference, Math.trunc(statSync(path).mtimeMs))
        const files = readDataset(path, reference, catalog)
        sqlFiles.push(
          ...files.map((file) => ({ ...file, sql: inProject(file.sql, name, projectId) })),
        )
      }
    }
  }
  await pool.run((engine) =>
    defineAll(sqlFiles, (file) => {
      const { projectId } = file.dataset
      const context: SqlContext = {
        engine,
        catalog,
        informationSchema,
        projectId,
        user: USER_EMAIL,
        now: Date.now(),
      }
      return file.kind === 'view' ? defineView(file, context) : defineRoutine(file, context)
    }),
  )
}

/** SQL that names tables of one project, for those of its copy. */
function inProject(sql: string, from: string, to: string): string {
  return from === to ? sql : sql.replaceAll(new RegExp(`(?<![\\w.-])${from}\\.`, 'g'), `\`${to}\`.`)
}

/** Defines every view and routine, those that others need first. */
async function defineAll(
  files: readonly SqlFile[],
  define: (file: SqlFile) => Promise<void>,
): Promise<void> {
  let left = files
  while (left.length > 0) {
    const failed: { readonly file: SqlFile; readonly cause: unknown }[] = []
    for (const file of left) {
      try {
        // One process does it all, and one file may need another.
        // oxlint-disable-next-line no-await-in-loop
        await define(file)
      } catch (cause) {
        failed.push({ file, cause })
      }
    }
    const [first] = failed
    if (first !== undefined && failed.length === left.length)
      throw sqlProblem(first.file, first.cause)
    left = failed.map(({ file }) => file)
  }
}

function sqlProblem({ file }: SqlFile, cause: unknown): unknown {
  if (!(cause instanceof BigQueryError)) return cause
  const line = Number(/ at \[(\d+):\d+\]$/.exec(cause.message)?.[1] ?? 1)
  return new DataProblem(file, line, `mend the SQL: ${cause.message}`)
}

function readDataset(
  path: string,
  dataset: DatasetReference,
  catalog: Catalog,
): readonly SqlFile[] {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const file = join(path, entry.name)
    const at = Math.trunc(statSync(file).mtimeMs)
    const [, id = '', kind = ''] =
      /^(\w[\w -]*)\.(schema\.json|ndjson|view\.sql|routine\.sql)$/.exec(entry.name) ?? []
    switch (kind) {
      case 'schema.json': {
        const columns = readSchema(file)
        const rows = readRows(join(path, `${id}.ndjson`), columns)
        const reference = { ...dataset, tableId: id }
        const version = catalog.nextVersion()
        const times = { creationTime: at, lastModifiedTime: at }
        // As of any time the window has: whenever somebody wrote the file, it is what there was.
        catalog.put({ kind: 'TABLE', reference, columns, rows, version, ...times }, 0)
        return []
      }
      case 'ndjson':
        if (existsSync(join(path, `${id}.schema.json`))) return []
        throw new DataProblem(file, 1, `rows without a schema; add \`${id}.schema.json\``)
      case 'view.sql':
      case 'routine.sql': {
        const sql = readFileSync(file, 'utf8')
        return [{ file, kind: kind === 'view.sql' ? 'view' : 'routine', dataset, id, sql, at }]
      }
      default:
        if (entry.name.startsWith('.') || entry.name.endsWith('.md')) return []
        throw new DataProblem(
          file,
          1,
          'not data; remove it, or name it *.schema.json, *.ndjson, *.view.sql or *.routine.sql',
        )
    }
  })
}

function foldersIn(path: string): readonly Dirent[] {
  return readdirSync(path, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith('.'),
  )
}
