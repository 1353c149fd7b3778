import type { NameDefaults } from '../analysis/analysis.ts'
import type { QueryParameter, QueryParameterType } from '../bigquery/query-parameter.ts'
import { parseDatasetId, parseProjectId } from '../bigquery/reference.ts'

/** What unqualified names mean: a project, and `dataset` or `project.dataset`. Throws for other names. */
export function nameDefaults(project: string, dataset: string | undefined): NameDefaults {
  const projectId = parseProjectId(project)
  if (projectId === undefined) throw new Error(`not a project: \`${project}\``)
  if (dataset === undefined) return { projectId, defaultDataset: undefined }
  const [, owner = project, id = ''] = /^(?:(.+)\.)?([^.]+)$/.exec(dataset) ?? []
  const ownerId = parseProjectId(owner)
  const datasetId = parseDatasetId(id)
  if (ownerId === undefined || datasetId === undefined)
    throw new Error(`not a dataset: \`${dataset}\``)
  return { projectId, defaultDataset: { projectId: ownerId, datasetId } }
}

/** A query parameter of this type; its value decides nothing. Throws for a type that is none. */
export function typedParameter(name: string | undefined, type: string): QueryParameter {
  return {
    ...(name === undefined ? {} : { name }),
    parameterType: parameterType(type.trim()),
    parameterValue: {},
  }
}

function parameterType(text: string): QueryParameterType {
  const element = /^ARRAY<(.+)>$/i.exec(text)?.[1]
  if (element !== undefined) return { type: 'ARRAY', arrayType: parameterType(element) }
  if (!/^[A-Z][A-Z0-9]*$/i.test(text))
    throw new Error(`not a type that can be given here: \`${text}\``)
  return { type: text.toUpperCase() }
}
