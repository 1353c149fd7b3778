import type { Context } from 'hono'
import { z } from 'zod'

import { parseStrictJson } from '../../bigquery/strict-json.ts'
import { firstIssue } from '../../bigquery/wire-types.ts'
import { type Result, ok } from '../../kernel/result.ts'
import { byteCount, duration } from '../../policy/quantity.ts'
import { type Refused, refuse } from './approvals-refusal.ts'

/** The most a body has. */
export const MAX_BODY_BYTES = 64 * 1024

const words = z.string().trim().max(1_000, 'at most 1,000 characters')

/** `POST …/votes` */
export const voteBody = z.strictObject({
  verdict: z.enum(['approve', 'deny']),
  /** Never empty for a no. */
  reason: words.default(''),
  /** Of the request as the voter was shown it. */
  digest: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex'),
  /** A yes to more than the query at hand. */
  box: z.strictObject({ duration, maximumBytes: byteCount }).optional(),
})

/** `POST …/revocation` */
export const revocationBody = z.strictObject({ reason: words })

/** `POST …/review` */
export const reviewBody = z.strictObject({ finding: words })

/** `POST …/cancellation` */
export const cancellationBody = z.strictObject({})

export type VoteBody = z.infer<typeof voteBody>

/** The body of a request, if all of it is understood. One that is empty says nothing. */
export async function readBody<T>(c: Context, schema: z.ZodType<T>): Promise<Result<T, Refused>> {
  const bytes = new Uint8Array(await c.req.arrayBuffer())
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (bytes.length > 0 && type !== 'application/json')
    return malformed('the body must be `application/json`')
  const json = bytes.length === 0 ? ok({}) : parseStrictJson(bytes)
  if (!json.ok) return malformed(json.error)
  const read = schema.safeParse(json.value)
  return read.success ? ok(read.data) : malformed(firstIssue(read.error))
}

const malformed = (message: string) => refuse({ problem: 'malformed', message })
