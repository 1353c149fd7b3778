import { z } from 'zod'

import type { CatalogProblem } from '../../analysis/catalog.ts'
import {
  type DatasetReference,
  tableReference,
  type TableReference,
} from '../../bigquery/reference.ts'
import { err, ok, type Result } from '../../kernel/result.ts'
import type { OwnAnswer, OwnQuestion } from './own-questions.ts'
import { readAnswer } from './read-answer.ts'

/** The most tables that a wildcard may stand for, and the most pages of 1,000 that are looked through. */
export const MOST_TABLES = 500
const MOST_PAGES = 50

const tableList = z.object({
  nextPageToken: z.string().optional(),
  tables: z
    .array(
      z.object({
        tableReference: z.object({
          projectId: z.string(),
          datasetId: z.string(),
          tableId: z.string(),
        }),
      }),
    )
    .default([]),
})

/** The tables of a dataset whose ids begin with `prefix`; a problem when there are more than `MOST_TABLES`. */
export async function tablesLike(
  ask: (question: OwnQuestion) => Promise<OwnAnswer>,
  dataset: DatasetReference,
  prefix: string,
): Promise<Result<readonly TableReference[], CatalogProblem>> {
  const found: TableReference[] = []
  let pageToken: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each page names the next
    const answer = await ask({
      ask: 'tables',
      dataset,
      ...(pageToken === undefined ? {} : { pageToken }),
    })
    const what = `Dataset ${dataset.projectId}:${dataset.datasetId}`
    const list = readAnswer(answer, what, (body) => {
      const parsed = tableList.safeParse(body)
      return parsed.success ? ok(parsed.data) : unclear('a dataset lists its tables in another way')
    })
    if (!list.ok) return list
    for (const { tableReference: ids } of list.value.tables) {
      if (!ids.tableId.startsWith(prefix)) continue
      const table = tableReference(ids.projectId, ids.datasetId, ids.tableId)
      // Fail closed: a wildcard would read it all the same.
      if (table === undefined) return unclear(`name the tables one by one, not by \`${prefix}*\``)
      found.push(table)
    }
    if (found.length > MOST_TABLES)
      return unclear(`name at most ${MOST_TABLES} tables: \`${prefix}*\` stands for more`)
    pageToken = list.value.nextPageToken
    if (pageToken === undefined) return ok(found)
  }
  return unclear('name the tables one by one: the dataset has too many to look through')
}

const unclear = (hint: string) => err({ problem: 'not-understood', hint } as const)
