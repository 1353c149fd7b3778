import { type TableReference, tableReference } from '../../bigquery/reference.ts'

/** `project.dataset.table` as people write it; undefined for what names no table. Only a project has dots of its own. */
export function parseTable(name: string): TableReference | undefined {
  const [, project = '', dataset = '', table = ''] =
    /^([^:]*:[^.]*|[^.]*)\.([^.]*)\.(.*)$/s.exec(name) ?? []
  return tableReference(project, dataset, table)
}
