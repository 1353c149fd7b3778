import { errorReply, jsonReply } from './stub-replies.ts'
import type { Respond, StubRequest } from './stub-upstream.ts'

/** Tables by `project.dataset`. `vault` and `secret_notes` are there to stay unseen. */
const CATALOG: Readonly<Record<string, readonly string[]>> = {
  'acme.hospital': ['patients', 'claims', 'secret_notes'],
  'acme.vault': ['keys'],
  'lab.bench': ['runs'],
}

const ROWS = ['Ana', 'Ben', 'Cleo'].map((name, index) => ({
  f: [{ v: String(index + 1) }, { v: name }],
}))

const SCHEMA = {
  fields: [
    { name: 'id', type: 'INTEGER', mode: 'NULLABLE' },
    { name: 'name', type: 'STRING', mode: 'NULLABLE' },
  ],
}

/** A job as BigQuery would keep it. */
export interface StubJob {
  readonly reference: {
    readonly projectId: string
    readonly jobId: string
    readonly location: string
  }
  readonly configuration: Record<string, unknown>
  readonly resultTable: { projectId: string; datasetId: string; tableId: string }
  /** So many more answers say that it still runs. */
  pending: number
  cancelled: boolean
  /** Why it failed. */
  errorResult?: { readonly reason: string; readonly message: string }
  /** When it ended, epoch milliseconds. */
  endTime?: number
}

export interface StubBigQuery {
  readonly respond: Respond
  readonly jobs: ReadonlyMap<string, StubJob>
  /** Jobs started from now on are unfinished for so many answers. Default 0. */
  pendingAnswers: number
  /** Runs a query past Sluice. */
  startOutside(jobId: string): void
}

/**
 * Enough of BigQuery's REST API for the gateway's own tests, without SQL: every query returns the
 * same three rows, in pages of `maxResults`. Replies also hold what must stay behind.
 */
export function stubBigQuery(): StubBigQuery {
  const jobs = new Map<string, StubJob>()
  const stub: StubBigQuery = {
    respond,
    jobs,
    pendingAnswers: 0,
    startOutside: (jobId) => {
      start('acme', jobId, { query: { query: "SELECT 'of somebody else'" }, labels: {} })
    },
  }
  return stub

  function respond(...[request, response]: Parameters<Respond>): void | Promise<void> {
    return answer(request)(request, response)
  }

  function answer(request: StubRequest): Respond {
    const [projectId = '', kind = '', id = '', ...rest] = request.path
      .replace(/^\/bigquery\/v2\/projects\//, '')
      .split('/')
      .map(decodeURIComponent)
    const verb = request.method
    if (kind === 'queries' && verb === 'POST') return query(projectId, request)
    if (kind === 'jobs' && verb === 'POST' && id === '') return insert(projectId, request)
    if (kind === 'datasets') return metadata(projectId, request, [id, ...rest])
    if (kind === 'serviceAccount')
      return jsonReply(200, {
        kind: 'bigquery#getServiceAccountResponse',
        email: `bq-471@bigquery-encryption.iam.gserviceaccount.com`,
        other: 'stays behind',
      })
    const job = jobs.get(id)
    if (job === undefined || job.reference.projectId !== projectId)
      return errorReply(404, 'notFound', `Not found: Job ${projectId}:${id}`, 'NOT_FOUND')
    if (rest[0] === 'cancel') {
      job.cancelled = true
      return jsonReply(200, { kind: 'bigquery#jobCancelResponse', job: resource(job) })
    }
    return kind === 'queries'
      ? results(job, request, 'bigquery#getQueryResultsResponse')
      : jsonReply(200, resource(job))
  }

  function start(projectId: string, jobId: string, configuration: Record<string, unknown>) {
    const job: StubJob = {
      reference: { projectId, jobId, location: 'US' },
      configuration,
      resultTable: { projectId, datasetId: '_anon', tableId: `anon_${jobId}` },
      pending: stub.pendingAnswers,
      cancelled: false,
    }
    jobs.set(jobId, job)
    return job
  }

  function query(projectId: string, request: StubRequest): Respond {
    const body = bodyOf(request)
    if (body['dryRun'] === true)
      return jsonReply(200, {
        kind: 'bigquery#queryResponse',
        schema: SCHEMA,
        jobReference: { projectId, location: 'US' },
        totalBytesProcessed: '1024',
        jobComplete: true,
        cacheHit: false,
      })
    const { query: sql, labels, requestId } = body
    const again = [...jobs.values()].find(
      ({ configuration }) => configuration['requestId'] === requestId,
    )
    const configuration = { query: { query: sql }, labels, requestId }
    const job = again ?? start(projectId, `job_${jobs.size + 1}`, configuration)
    return results(job, request, 'bigquery#queryResponse', Number(body['maxResults'] ?? 100))
  }

  function insert(projectId: string, request: StubRequest): Respond {
    const { configuration, jobReference } = bodyOf(request) as {
      configuration: Record<string, unknown>
      jobReference: { jobId?: string }
    }
    const { jobId } = jobReference
    if (jobId !== undefined && jobs.has(jobId))
      return errorReply(
        409,
        'duplicate',
        `Already Exists: Job ${projectId}:US.${jobId}`,
        'ALREADY_EXISTS',
      )
    if (configuration['dryRun'] !== true)
      return jsonReply(200, resource(start(projectId, jobId ?? '', configuration)))
    return jsonReply(200, {
      kind: 'bigquery#job',
      jobReference: { projectId, location: 'US' },
      configuration,
      status: { state: 'DONE' },
      statistics: { totalBytesProcessed: '1024', query: { statementType: 'SELECT' } },
    })
  }
}

function results(job: StubJob, request: StubRequest, kind: string, usual = 100): Respond {
  const { reference } = job
  if (job.pending > 0) {
    job.pending -= 1
    return jsonReply(200, { kind, jobReference: reference, jobComplete: false })
  }
  const start = request.query.get('startIndex') ?? 0
  const first = Number(request.query.get('pageToken')?.replace('row-', '') ?? start)
  const count = Number(request.query.get('maxResults') ?? usual)
  const rows = ROWS.slice(first, first + count)
  const next = first + count < ROWS.length && count > 0 ? { pageToken: `row-${first + count}` } : {}
  return jsonReply(200, {
    kind,
    etag: 'e1',
    schema: SCHEMA,
    jobReference: reference,
    totalRows: '3',
    ...next,
    ...(rows.length === 0 ? {} : { rows }),
    totalBytesProcessed: '1024',
    jobComplete: true,
    cacheHit: false,
    sessionInfo: { sessionId: 'stays behind' },
  })
}

function resource(job: StubJob): unknown {
  const { reference, configuration, resultTable } = job
  const { query, ...rest } = configuration
  const done = job.pending === 0
  return {
    kind: 'bigquery#job',
    etag: 'e2',
    id: `${reference.projectId}:US.${reference.jobId}`,
    selfLink: 'https://bigquery.googleapis.com/stays-behind',
    user_email: 'sluice@acme.iam.gserviceaccount.com',
    principal_subject: 'serviceAccount:sluice@acme.iam.gserviceaccount.com',
    jobReference: reference,
    configuration: {
      ...rest,
      jobType: 'QUERY',
      query: { ...(query as object), destinationTable: resultTable },
    },
    status: {
      state: done ? 'DONE' : 'RUNNING',
      ...(job.cancelled
        ? { errorResult: { reason: 'stopped', message: 'Job execution was cancelled' } }
        : {}),
      ...(job.errorResult === undefined ? {} : { errorResult: job.errorResult }),
    },
    statistics: {
      creationTime: '1790000000000',
      ...(job.endTime === undefined ? {} : { endTime: String(job.endTime) }),
      totalBytesProcessed: '1024',
      query: { statementType: 'SELECT', totalBytesBilled: '10485760', cacheHit: false },
    },
  }
}

/** Datasets, tables, rows and routines. */
function metadata(projectId: string, request: StubRequest, path: readonly string[]): Respond {
  const [datasetId = '', kind, id, data] = path
  const missing = errorReply(404, 'notFound', `Not found: ${path.join('/')}`, 'NOT_FOUND')
  if (datasetId === '')
    return jsonReply(200, {
      kind: 'bigquery#datasetList',
      etag: 'e3',
      datasets: Object.keys(CATALOG)
        .filter((name) => name.startsWith(`${projectId}.`))
        .map((name) => dataset(projectId, name.split('.')[1] ?? '')),
    })
  if (datasetId === '_anon' && kind === 'tables' && id !== undefined)
    return data === 'data' ? rowsOf(request) : jsonReply(200, table(projectId, datasetId, id))
  const tables = CATALOG[`${projectId}.${datasetId}`]
  if (tables === undefined) return missing
  if (kind === undefined) return jsonReply(200, dataset(projectId, datasetId))
  const routine = {
    routineReference: { projectId, datasetId, routineId: 'age' },
    routineType: 'SCALAR_FUNCTION',
    language: 'SQL',
    definitionBody: 'stays behind',
    strictMode: 'stays behind',
  }
  if (kind === 'routines')
    return jsonReply(200, id === undefined ? { routines: [routine] } : routine)
  if (id === undefined)
    return jsonReply(200, {
      kind: 'bigquery#tableList',
      etag: 'e4',
      tables: tables.map((name) => table(projectId, datasetId, name)),
      totalItems: tables.length,
    })
  if (!tables.includes(id)) return missing
  return data === 'data' ? rowsOf(request) : jsonReply(200, table(projectId, datasetId, id))
}

function rowsOf(request: StubRequest): Respond {
  const count = Number(request.query.get('maxResults') ?? 100)
  return jsonReply(200, {
    kind: 'bigquery#tableDataList',
    etag: 'e5',
    totalRows: '3',
    rows: ROWS.slice(0, count),
    stays: 'behind',
  })
}

function dataset(projectId: string, datasetId: string): unknown {
  return {
    kind: 'bigquery#dataset',
    id: `${projectId}:${datasetId}`,
    datasetReference: { projectId, datasetId },
    location: 'US',
    access: [{ role: 'OWNER', userByEmail: 'stays-behind@acme.example' }],
    selfLink: 'https://bigquery.googleapis.com/stays-behind',
  }
}

function table(projectId: string, datasetId: string, tableId: string): unknown {
  return {
    kind: 'bigquery#table',
    id: `${projectId}:${datasetId}.${tableId}`,
    tableReference: { projectId, datasetId, tableId },
    type: 'TABLE',
    schema: SCHEMA,
    numRows: '3',
    selfLink: 'https://bigquery.googleapis.com/stays-behind',
  }
}

function bodyOf(request: StubRequest): Record<string, unknown> {
  return request.json() as Record<string, unknown>
}
