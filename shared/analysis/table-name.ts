import { type TableReference, tableReference } from '../bigquery/reference.ts'
import { err, ok, type Result } from '../kernel/result.ts'
import type { AnalysisProblem, NameDefaults } from './analysis.ts'

/** The INFORMATION_SCHEMA views that describe the tables of one dataset and nothing else. */
const DATASET_VIEWS = new Set(['TABLES', 'COLUMNS', 'COLUMN_FIELD_PATHS', 'VIEWS', 'ROUTINES'])

/** `example.com:project` has a dot of its own. */
const DOMAIN_SCOPED = /^([^.:]+(?:\.[^.:]+)*:[^.:]+)(?:\.([^]*))?$/

/**
 * The table that a path in the SQL names, as BigQuery resolves it: `table` in the default dataset,
 * `dataset.table` in the default dataset's project or else the request's, or `project.dataset.table`;
 * back-quoted parts may hold dots. What could mean more than one thing, or more than one table, is
 * `not-understood`.
 */
export function resolveTableName(
  path: readonly string[],
  defaults: NameDefaults,
): Result<TableReference, AnalysisProblem> {
  const written = path.join('.')
  const parts = splitPath(path)
  const projectId = defaults.defaultDataset?.projectId ?? defaults.projectId

  if (parts.some((part) => part.includes('*'))) {
    return refuse(`name the tables one by one instead of the wildcard \`${written}\``)
  }
  if (parts.slice(0, 2).some((part) => /^region-/i.test(part))) {
    return refuse(`query one dataset's INFORMATION_SCHEMA instead of the region's \`${written}\``)
  }
  const schema = parts.findIndex((part) => part.toUpperCase() === 'INFORMATION_SCHEMA')
  if (schema !== -1) return informationSchema(parts, schema, projectId, written)

  const [table = '', dataset = defaults.defaultDataset?.datasetId, project = projectId, ...rest] =
    parts.toReversed()
  if (dataset === undefined) {
    return err({
      problem: 'syntax-error',
      message: `Table "${written}" must be qualified with a dataset (e.g. dataset.table).`,
    })
  }
  // Fail closed: `t$partition` and `t@time` are other spellings of `t`; `_…` datasets hold other
  // sessions' temporary tables and results; `__TABLES__` and its kind are not tables.
  const odd = /[$@]/.test(table) || dataset.startsWith('_') || /^__.*__$/.test(table)
  const reference = rest.length > 0 || odd ? undefined : tableReference(project, dataset, table)
  return reference === undefined
    ? refuse(`\`${written}\` is not the name of a table or view`)
    : ok(reference)
}

/**
 * What a wildcard like `dataset.events_*` begins with, as if it were the name of a table; undefined when the
 * path is no wildcard.
 */
export function wildcardPrefix(path: readonly string[]): readonly string[] | undefined {
  const last = path.at(-1) ?? ''
  return last.length > 1 && last.endsWith('*') && !last.endsWith('.*')
    ? [...path.slice(0, -1), last.slice(0, -1)]
    : undefined
}

/** `dataset.INFORMATION_SCHEMA.VIEW`, with or without a project; the dataset must be written out. */
function informationSchema(
  parts: readonly string[],
  at: number,
  projectId: string,
  written: string,
): Result<TableReference, AnalysisProblem> {
  const [dataset = '', project = projectId] = parts.slice(0, at).toReversed()
  const view = parts.slice(at + 1).join('.')
  // Without a dash it can only be a dataset; with one it is a project, or a region.
  const reference =
    (at === 1 || at === 2) && DATASET_VIEWS.has(view) && !dataset.includes('-')
      ? tableReference(project, dataset, `${parts[at]}.${view}`)
      : undefined
  return reference === undefined
    ? refuse(
        `of INFORMATION_SCHEMA only \`dataset.INFORMATION_SCHEMA.\` ${[...DATASET_VIEWS].join(', ')} can be queried, not \`${written}\``,
      )
    : ok(reference)
}

/** Back-quoted `project.dataset.table` is one identifier to GoogleSQL, and three to BigQuery. */
function splitPath(path: readonly string[]): readonly string[] {
  const [, project, rest] = DOMAIN_SCOPED.exec(path.join('.')) ?? []
  if (project === undefined) return path.join('.').split('.')
  return [project, ...(rest === undefined ? [] : rest.split('.'))]
}

function refuse(hint: string): Result<never, AnalysisProblem> {
  return err({ problem: 'not-understood', hint })
}
