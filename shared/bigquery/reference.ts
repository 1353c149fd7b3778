import { type Brand, mint } from '../kernel/brand.ts'

export type ProjectId = Brand<string, 'ProjectId'>
export type DatasetId = Brand<string, 'DatasetId'>
export type TableId = Brand<string, 'TableId'>
export type RoutineId = Brand<string, 'RoutineId'>
export type JobId = Brand<string, 'JobId'>

/** BigQuery's `DatasetReference`. */
export interface DatasetReference {
  readonly projectId: ProjectId
  readonly datasetId: DatasetId
}

/** BigQuery's `TableReference`: the three ids that name a table, view or snapshot. */
export interface TableReference extends DatasetReference {
  readonly tableId: TableId
}

// Domain-scoped projects (`example.com:project`) hold dots and a colon of their own.
const PROJECT_ID = /^(?:[a-z0-9][a-z0-9.-]{0,61}:)?[a-z][a-z0-9-]{0,61}$/
const DATASET_ID = /^[A-Za-z0-9_-]{1,1024}$/
// No decorators (`t$20260101`, `t@-3600`): a rule about `t` must not miss them.
const TABLE_ID = /^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd}\p{Zs}]{1,1024}$/u
const INFORMATION_SCHEMA_ID = /^INFORMATION_SCHEMA\.[A-Z_]{1,64}$/
const ROUTINE_ID = /^[A-Za-z0-9_]{1,256}$/
const JOB_ID = /^[A-Za-z0-9_-]{1,1024}$/

/** `text` as a project id, or undefined when BigQuery would not accept it as one. */
export function parseProjectId(text: string): ProjectId | undefined {
  return PROJECT_ID.test(text) ? mint<ProjectId>(text) : undefined
}

/** `text` as a dataset id, or undefined. */
export function parseDatasetId(text: string): DatasetId | undefined {
  return DATASET_ID.test(text) ? mint<DatasetId>(text) : undefined
}

/** `text` as a table id (also `INFORMATION_SCHEMA.<VIEW>`), or undefined. */
function parseTableId(text: string): TableId | undefined {
  return TABLE_ID.test(text) || INFORMATION_SCHEMA_ID.test(text) ? mint<TableId>(text) : undefined
}

/** `text` as a routine id, or undefined. */
export function parseRoutineId(text: string): RoutineId | undefined {
  return ROUTINE_ID.test(text) ? mint<RoutineId>(text) : undefined
}

/** `text` as a job id (letters, digits, `_`, `-`, at most 1,024), or undefined. */
export function parseJobId(text: string): JobId | undefined {
  return JOB_ID.test(text) ? mint<JobId>(text) : undefined
}

/** A table from its three ids, or undefined when one of them is not well formed. */
export function tableReference(
  project: string,
  dataset: string,
  table: string,
): TableReference | undefined {
  const projectId = parseProjectId(project)
  const datasetId = parseDatasetId(dataset)
  const tableId = parseTableId(table)
  return projectId === undefined || datasetId === undefined || tableId === undefined
    ? undefined
    : { projectId, datasetId, tableId }
}

/** `project.dataset.table`, the spelling policy and record use. */
export function formatTable(table: TableReference): string {
  return `${table.projectId}.${table.datasetId}.${table.tableId}`
}
