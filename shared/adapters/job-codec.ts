import { deflateSync, inflateSync } from 'node:zlib'

import { z } from 'zod'

import type { SqlField, SqlType } from '../bigquery/sql-type.ts'
import { canonicalJson } from '../kernel/canonical-json.ts'
import type { JobRecord } from '../recording/job.ts'
import { outputMask } from './mask-schema.ts'
import { maybe } from './maybe.ts'

const sqlField: z.ZodType<SqlField> = z.lazy(() =>
  z.strictObject({ name: z.string(), type: sqlType }),
)

const sqlType: z.ZodType<SqlType> = z.lazy(() =>
  z.union([
    z.strictObject({ kind: z.enum(scalarTypes) }),
    z.strictObject({ kind: z.enum(['ARRAY', 'RANGE']), element: sqlType }),
    z.strictObject({ kind: z.literal('STRUCT'), fields: z.array(sqlField) }),
  ]),
)

const scalarTypes = [
  'BIGNUMERIC',
  'BOOL',
  'BYTES',
  'DATE',
  'DATETIME',
  'FLOAT64',
  'GEOGRAPHY',
  'INT64',
  'INTERVAL',
  'JSON',
  'NUMERIC',
  'STRING',
  'TIME',
  'TIMESTAMP',
] as const

const jobSchema = z.strictObject({
  projectId: z.string(),
  jobId: z.string(),
  location: maybe(z.string()),
  connection: z.string(),
  owner: z.string(),
  call: z.string(),
  session: z.string(),
  request: z.string(),
  effectiveDigest: z.string(),
  dryRun: z.boolean(),
  grant: maybe(z.string()),
  // Required: a job of which nobody knows what masks it has shows nobody anything.
  release: z.strictObject({
    masks: z.array(outputMask),
    governed: z.boolean(),
    maximumRows: maybe(z.int().nonnegative()),
    outputs: maybe(z.array(sqlField)),
  }),
  at: z.int(),
})

/** A result may have 10,000 columns, and a document holds 1 MiB. */
const MAX_PLAIN_BYTES = 16 * 1024
const MAX_BYTES = 16 * 1024 * 1024

/** The one form in which a job is stored. */
export function encodeJob(job: JobRecord): Buffer {
  const bytes = Buffer.from(canonicalJson(job))
  return bytes.length <= MAX_PLAIN_BYTES ? bytes : deflateSync(bytes)
}

/** The job that `encodeJob` was given. Throws when the bytes are something else. */
export function decodeJob(stored: Uint8Array): JobRecord {
  const bytes = Buffer.from(stored)
  const plain = bytes[0] === 0x7b ? bytes : inflateSync(bytes, { maxOutputLength: MAX_BYTES })
  return jobSchema.parse(JSON.parse(plain.toString('utf8')))
}
