/** BigQuery's `DatasetReference`. */
export interface DatasetReference {
  readonly projectId: string
  readonly datasetId: string
}

/** BigQuery's `TableReference`. */
export interface TableReference extends DatasetReference {
  readonly tableId: string
}

/** BigQuery's `RoutineReference`. */
export interface RoutineReference extends DatasetReference {
  readonly routineId: string
}

/** `project.dataset.table`: the table's key here and its name in SQL. */
export function tableKey({ projectId, datasetId, tableId }: TableReference): string {
  return `${projectId}.${datasetId}.${tableId}`
}

/** `project:dataset.table`, as BigQuery's ids and messages write it. */
export function tableName({ projectId, datasetId, tableId }: TableReference): string {
  return `${projectId}:${datasetId}.${tableId}`
}
