import type { Context } from 'hono'
import type { z } from 'zod'

import { parseStrictJson } from '../bigquery/strict-json.ts'
import { firstIssue } from '../bigquery/wire-types.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import type { AuditRefusal } from './audit-refusal.ts'

/** The body of a request, if all of it is understood. One that is empty says nothing. */
export async function readBody<S extends z.ZodType>(
  c: Context,
  schema: S,
): Promise<Result<z.output<S>, AuditRefusal>> {
  const bytes = new Uint8Array(await c.req.arrayBuffer())
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (bytes.length > 0 && type !== 'application/json')
    return malformed('the body must be `application/json`')
  const json = bytes.length === 0 ? ok({}) : parseStrictJson(bytes)
  if (!json.ok) return malformed(json.error)
  const read = schema.safeParse(json.value)
  return read.success ? ok(read.data) : malformed(firstIssue(read.error))
}

const malformed = (message: string) => err({ problem: 'malformed', message } as const)
