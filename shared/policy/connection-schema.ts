import { z } from 'zod'

import { parseProjectId } from '../bigquery/reference.ts'
import { idSchema } from './id-schema.ts'
import type { Connection } from './policy.ts'
import { byteCount, duration } from './quantity.ts'
import { sandboxSchema } from './sandbox-schema.ts'

const SECRET = /^projects\/[a-z0-9:.-]+\/secrets\/[\w-]{1,255}\/versions\/(?:latest|[1-9]\d*)$/
const SERVICE_ACCOUNT = /^[a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com$/

const projectId = z.string().transform((text, context) => {
  const project = parseProjectId(text)
  if (project !== undefined) return project
  context.addIssue('expected a Google Cloud project id such as `acme-analytics`')
  return z.NEVER
})

const credential = z
  .union(
    [
      z.literal('none').describe('No credential: the local BigQuery.'),
      z.strictObject({
        secret: z
          .string()
          .regex(SECRET, 'expected `projects/PROJECT/secrets/SECRET/versions/VERSION`')
          .describe(
            'A service-account key in Secret Manager; the version is a number or `latest`. Whoever ' +
              'can write that secret, or this line, chooses as whom queries run.',
          ),
      }),
      z.strictObject({
        impersonate: z
          .string()
          .regex(SERVICE_ACCOUNT, 'expected the address of a service account')
          .describe(
            "Keyless: Sluice's own identity acts as this service account. Whoever controls this " +
              'chooses among the accounts Sluice may act as.',
          ),
      }),
    ],
    'expected `none`, `{ secret: … }` or `{ impersonate: … }`',
  )
  .transform((written): Connection['credential'] => {
    if (written === 'none') return { kind: 'none' }
    return 'secret' in written
      ? { kind: 'secret', secret: written.secret }
      : { kind: 'impersonate', serviceAccount: written.impersonate }
  })
  .describe('The credential BigQuery sees. No caller ever does.')

/** An entry of `connections`. Parses to a `Connection`. */
export const connectionSchema = z
  .strictObject({
    id: idSchema.describe('Its name in the record.'),
    projects: z
      .array(projectId)
      .min(1)
      .describe(
        'Projects whose queries go this way, as billing project or for their data. A project added ' +
          'here becomes reachable as far as rules permit; one that no connection has is not.',
      ),
    location: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'expected a BigQuery location such as `EU` or `us-east1`')
      .optional()
      .describe(
        'Where jobs run when the client names no place. Wrong, it makes queries fail; it shows ' +
          'nobody more data.',
      ),
    credential,
    limits: z
      .strictObject({
        maximumBytesBilled: byteCount
          .optional()
          .describe(
            'A query that would bill more fails in BigQuery before it runs: bytes, or such as ' +
              '`10 GiB`. Rules can only lower it. Whoever raises it can spend more.',
          ),
        jobTimeout: duration
          .optional()
          .describe(
            'A job that takes longer is stopped: `90s`, `10m`, `1h`. Whoever raises it can keep ' +
              'slots busy.',
          ),
      })
      .prefault({})
      .describe('Hold for every job in these projects, whatever the client asks for.'),
    sandbox: sandboxSchema
      .optional()
      .describe(
        'Makes these projects a place where auditors have recorded calls run again. Its credential must be able ' +
          'to read and write nothing else. Callers reach it only as far as rules name its tables.',
      ),
  })
  .superRefine(({ projects, sandbox }, context) => {
    for (const [from, to] of sandbox?.datasets ?? []) {
      const path = ['sandbox', 'datasets', from]
      const isHere = (project: string) => projects.some((id) => id === project)
      if (!isHere(to.projectId))
        context.addIssue({
          code: 'custom',
          path,
          message: 'a dataset that replays use must be in a project of this connection',
        })
      if (isHere(from.replace(/\.[^.]*$/, '')))
        context.addIssue({
          code: 'custom',
          path,
          message: 'a dataset of the sandbox itself is nothing to replay',
        })
    }
  })
  .transform(({ limits, ...connection }): Connection => ({
    id: connection.id,
    projects: connection.projects,
    location: connection.location,
    credential: connection.credential,
    limits: {
      maximumBytesBilled: limits.maximumBytesBilled,
      jobTimeoutMs: limits.jobTimeout,
    },
    sandbox: connection.sandbox,
  }))
