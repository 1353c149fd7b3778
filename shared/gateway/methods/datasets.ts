import { ok } from '../../kernel/result.ts'
import { inDataset, inProject } from '../metadata-call.ts'
import type { ServeMethod } from '../method.ts'
import { rebuild, textAt } from '../resources.ts'
import { visibleDatasets } from '../visible.ts'

/** `datasets.list`: datasets in which the caller may query something. */
export const listDatasets: ServeMethod = (ports, request) => {
  const { caller, parameters } = request
  return inProject(ports, request, {
    segments: ['datasets'],
    query: {
      maxResults: parameters.count('maxResults'),
      pageToken: parameters.text('pageToken'),
      all: parameters.flag('all'),
      filter: parameters.text('filter'),
    },
    show: async (list, recorded) => {
      const shown = await visibleDatasets(ports, caller, recorded, list)
      if (!shown.ok) return shown
      const nextPageToken = textAt(list, 'nextPageToken')
      return ok({
        kind: 'bigquery#datasetList',
        etag: list['etag'],
        ...(nextPageToken === undefined ? {} : { nextPageToken }),
        datasets: shown.value.map((item) => rebuild('Dataset', item)),
      })
    },
  })
}

/** `datasets.get`: without its access list. */
export const getDataset: ServeMethod = (ports, request) =>
  inDataset(ports, request, {
    segments: [],
    show: (dataset) => ok(rebuild('Dataset', dataset)),
  })
