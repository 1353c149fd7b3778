import type { Analysis, AnalysisProblem, NameDefaults } from '../../shared/analysis/analysis.ts'
import { formatTable, parseDatasetId, parseProjectId } from '../../shared/bigquery/reference.ts'
import type { Result } from '../../shared/kernel/result.ts'

/** Names as a request with the given project, and perhaps a default dataset, means them. */
export function nameDefaults(project: string, dataset?: string): NameDefaults {
  const [defaultProject = project, datasetName] =
    dataset === undefined ? [] : dataset.includes('.') ? dataset.split('.') : [project, dataset]
  const projectId = parseProjectId(project)
  const owner = parseProjectId(defaultProject)
  const datasetId = datasetName === undefined ? undefined : parseDatasetId(datasetName)
  if (projectId === undefined || owner === undefined) throw new Error('no project')
  return {
    projectId,
    defaultDataset: datasetId === undefined ? undefined : { projectId: owner, datasetId },
  }
}

/** An analysis in one line: `INSERT acme.a.b, acme.c.d > acme.e.f`, or the hint or message. */
export function summarize(outcome: Result<Analysis, AnalysisProblem>): string {
  if (!outcome.ok) {
    const { error } = outcome
    if (error.problem === 'syntax-error') return error.message
    return error.problem === 'not-understood' ? `not understood: ${error.hint}` : error.problem
  }
  const { statementType, tables, targets } = outcome.value
  const read = tables.map(formatTable).join(', ')
  const written = targets.map(formatTable).join(', ')
  return [statementType, read, written === '' ? '' : `> ${written}`]
    .filter((part) => part)
    .join(' ')
}
