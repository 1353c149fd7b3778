import { z } from 'zod'

import { canonicalJson } from '../kernel/canonical-json.ts'
import type { JobRecord } from '../recording/job.ts'

const jobSchema = z.strictObject({
  projectId: z.string(),
  jobId: z.string(),
  location: z
    .string()
    .optional()
    .transform((value) => value),
  connection: z.string(),
  owner: z.string(),
  call: z.string(),
  session: z.string(),
  request: z.string(),
  effectiveDigest: z.string(),
  dryRun: z.boolean(),
  at: z.int(),
})

/** The one form in which a job is stored. */
export function encodeJob(job: JobRecord): Buffer {
  return Buffer.from(canonicalJson(job))
}

/** The job that `encodeJob` was given. Throws when the bytes are something else. */
export function decodeJob(bytes: Uint8Array): JobRecord {
  return jobSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
}
