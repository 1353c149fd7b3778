import type { DryRunRequest } from '../../analysis/dry-run.ts'
import { getCall, insertCall } from '../../bigquery/build-call.ts'
import type { BigQueryCall } from '../../bigquery/call.ts'
import { parseJson } from '../../bigquery/json.ts'
import type { DatasetReference, TableReference } from '../../bigquery/reference.ts'
import { unreachable } from '../../kernel/unreachable.ts'
import { bigQueryExchange, type ExchangeOptions } from './exchange.ts'

/** All that Sluice ever asks BigQuery for itself: what there is, and what a statement would do. */
export type OwnQuestion =
  | { readonly ask: 'table'; readonly table: TableReference }
  | { readonly ask: 'tables'; readonly dataset: DatasetReference; readonly pageToken?: string }
  | { readonly ask: 'routine'; readonly dataset: DatasetReference; readonly routineId: string }
  | { readonly ask: 'dry-run'; readonly request: DryRunRequest }

/** What BigQuery said; the status is 200, or one of 4xx that will not pass. */
export interface OwnAnswer {
  readonly status: number
  readonly body: Buffer
}

/** BigQuery could not be asked; says in fixed words why. */
export class BigQueryUnavailable extends Error {
  override readonly name = 'BigQueryUnavailable'
}

export interface OwnQuestions {
  /** Asks with the credential of a connection. Rejects with `BigQueryUnavailable` for no answer. */
  readonly ask: (connection: string, question: OwnQuestion) => Promise<OwnAnswer>
  readonly close: () => Promise<void>
}

/** Of one try; there are two. */
const TIMEOUT_MS = 8_000

/**
 * Questions that nobody permitted and nothing records, because no answer is delivered. So it builds every
 * call itself: there is no way to read rows or to run anything through it.
 */
export function ownQuestions(options: ExchangeOptions): OwnQuestions {
  const { call, close } = bigQueryExchange({ connections: 32, ...options })
  const tryOnce = async (connection: string, asked: BigQueryCall): Promise<OwnAnswer | string> => {
    const { signal } = new AbortController()
    const answer = await call(connection, asked, { signal, timeoutMs: TIMEOUT_MS })
    if (!answer.ok) return answer.error.detail ?? answer.error.problem
    const { status, body } = answer.value
    return status === 429 || status >= 500 ? `status ${status}` : { status, body }
  }
  return {
    ask: async (connection, question) => {
      const asked = callOf(question)
      let answer = await tryOnce(connection, asked)
      // Nothing that is asked here changes anything.
      if (typeof answer === 'string') answer = await tryOnce(connection, asked)
      if (typeof answer !== 'string') return answer
      throw new BigQueryUnavailable(`no answer to \`${question.ask}\`: \`${answer}\``)
    },
    close,
  }
}

function callOf(question: OwnQuestion): BigQueryCall {
  switch (question.ask) {
    case 'table': {
      const { projectId, datasetId, tableId } = question.table
      const path = ['datasets', datasetId, 'tables', tableId]
      return getCall('tables.get', projectId, path, { view: 'BASIC' })
    }
    case 'tables': {
      const { projectId, datasetId } = question.dataset
      return getCall('tables.list', projectId, ['datasets', datasetId, 'tables'], {
        maxResults: 1_000,
        pageToken: question.pageToken,
        fields: 'nextPageToken,tables(tableReference)',
      })
    }
    case 'routine': {
      const { projectId, datasetId } = question.dataset
      return getCall('routines.get', projectId, [
        'datasets',
        datasetId,
        'routines',
        question.routineId,
      ])
    }
    case 'dry-run':
      return dryRunCall(question.request)
    default:
      return unreachable(question)
  }
}

function dryRunCall(request: DryRunRequest): BigQueryCall {
  const { projectId, sql, defaultDataset, parameters, parameterMode, location } = request
  return insertCall(projectId, {
    jobReference: { projectId, ...(location === undefined ? {} : { location }) },
    configuration: {
      dryRun: true,
      query: {
        query: sql,
        useLegacySql: false,
        ...(defaultDataset === undefined ? {} : { defaultDataset: { ...defaultDataset } }),
        ...(parameters.length === 0
          ? {}
          : { queryParameters: parseJson(JSON.stringify(parameters)) }),
        ...(parameterMode === undefined ? {} : { parameterMode }),
      },
    },
  })
}
