import { z } from 'zod'

import { type Result, err, ok } from '../kernel/result.ts'
import { queryParameter } from './query-parameter.ts'
import {
  firstIssue,
  wireBoolean,
  wireCount,
  wireInt64,
  wireList,
  wireOff,
  withoutNulls,
} from './wire-types.ts'

/** Longest SQL text BigQuery itself takes: 1 MB before parameters. */
const MAX_SQL_BYTES = 1024 * 1024

const LABEL = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u

/** Labels of ours that clients may choose. */
const CHOSEN = ['sluice_justification', 'sluice_session']

const labels = z
  .looseObject({})
  // Counted first: every bad one is a problem with a text of its own.
  .refine((value) => Object.keys(value).length <= 32, 'at most 32 labels')
  .pipe(
    z.record(
      z.string().regex(/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u, 'is not a label key'),
      z.string().regex(LABEL, 'is not a label value'),
    ),
  )
  .refine(
    (value) =>
      Object.keys(value).every((key) => !key.startsWith('sluice_') || CHOSEN.includes(key)),
    'labels that start with `sluice_` are set by Sluice; only `sluice_session` and `sluice_justification` may be chosen',
  )

const datasetReference = z.strictObject({
  projectId: z.string().optional(),
  datasetId: z.string(),
})

const formatOptions = z.strictObject({
  useInt64Timestamp: wireBoolean.optional(),
  timestampOutputFormat: z
    .enum(['TIMESTAMP_OUTPUT_FORMAT_UNSPECIFIED', 'FLOAT64', 'INT64', 'ISO8601_STRING'])
    .optional(),
})

const legacySql = wireOff('legacy SQL; write GoogleSQL and set `useLegacySql` to false').optional()

/** What both ways of running a query can say about it. */
const statement = {
  query: z
    .string()
    .min(1, 'must not be empty')
    .refine((sql) => Buffer.byteLength(sql) <= MAX_SQL_BYTES, 'the query is larger than 1 MiB'),
  useLegacySql: legacySql,
  defaultDataset: datasetReference.optional(),
  parameterMode: z
    .string()
    .regex(/^(named|positional)$/i, 'must be NAMED or POSITIONAL')
    .transform((mode) => mode.toUpperCase())
    .optional(),
  queryParameters: wireList(queryParameter, 10_000).optional(),
  maximumBytesBilled: wireInt64.optional(),
  useQueryCache: wireBoolean.optional(),
  // Sessions keep state between queries that no analysis of one query can see.
  createSession: wireOff('BigQuery sessions (`createSession`)').optional(),
  connectionProperties: wireList(z.never('Sluice does not offer connection properties')).optional(),
  continuous: wireOff('continuous queries').optional(),
  writeIncrementalResults: wireOff('incremental results').optional(),
  jobCreationMode: z
    .enum(['JOB_CREATION_MODE_UNSPECIFIED', 'JOB_CREATION_REQUIRED', 'JOB_CREATION_OPTIONAL'])
    .optional(),
}

const queryRequest = z.strictObject({
  ...statement,
  kind: z.string().optional(),
  maxResults: wireCount.optional(),
  timeoutMs: wireCount.optional(),
  jobTimeoutMs: wireInt64.optional(),
  dryRun: wireBoolean.optional(),
  preserveNulls: wireBoolean.optional(),
  location: z.string().max(64).optional(),
  formatOptions: formatOptions.optional(),
  labels: labels.optional(),
  requestId: z
    .string()
    .regex(/^[\x21-\x7e]{1,36}$/, 'at most 36 printable ASCII characters')
    .optional(),
})

const jobResource = z.strictObject({
  kind: z.string().optional(),
  id: z.string().optional(),
  configuration: z.strictObject({
    jobType: z.literal('QUERY', 'Sluice runs query jobs only').optional(),
    query: z.strictObject({
      ...statement,
      priority: z.enum(['INTERACTIVE', 'BATCH']).optional(),
      // The Node client puts its own option here; BigQuery ignores it.
      maxResults: wireCount.optional(),
      createDisposition: z.literal('CREATE_IF_NEEDED').optional(),
      writeDisposition: z.literal('WRITE_EMPTY').optional(),
      allowLargeResults: wireOff('`allowLargeResults`; it belongs to legacy SQL').optional(),
      flattenResults: wireBoolean.optional(),
    }),
    dryRun: wireBoolean.optional(),
    labels: labels.optional(),
    jobTimeoutMs: wireInt64.optional(),
  }),
  jobReference: z
    .strictObject({
      projectId: z.string().optional(),
      jobId: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,1024}$/, 'letters, digits, `_` and `-` only')
        .optional(),
      location: z.string().max(64).optional(),
    })
    .optional(),
})

/** A `jobs.query` body. https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/query */
export type QueryRequest = z.infer<typeof queryRequest>

/** A `jobs.insert` body. https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/insert */
export type JobResource = z.infer<typeof jobResource>

/**
 * Reads a `jobs.query` body. A field Sluice does not know is refused with its path, not dropped: an
 * option that changes what a query does must never be ignored on the way through.
 */
export function parseQueryRequest(body: unknown): Result<QueryRequest, string> {
  const parsed = queryRequest.safeParse(withoutNulls(body))
  return parsed.success ? ok(parsed.data) : err(firstIssue(parsed.error))
}

/** Reads a `jobs.insert` body in the same spirit; only query jobs exist. */
export function parseJobResource(body: unknown): Result<JobResource, string> {
  const parsed = jobResource.safeParse(withoutNulls(body))
  return parsed.success ? ok(parsed.data) : err(firstIssue(parsed.error))
}

/** The kind of job a body asks for when it is not a query, such as `load`; undefined for a query. */
export function otherJobKind(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('configuration' in body)) return undefined
  const { configuration } = body
  if (typeof configuration !== 'object' || configuration === null) return undefined
  return ['load', 'extract', 'copy'].find(
    (kind) => kind in configuration && !('query' in configuration),
  )
}
