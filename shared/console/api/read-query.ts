import type { z } from '@hono/zod-openapi'
import type { Context } from 'hono'

import { firstIssue } from '../../bigquery/wire-types.ts'
import { type Result, err, ok } from '../../kernel/result.ts'
import type { AuditRefusal } from '../audit-refusal.ts'

/** The query of a request, if all of it is understood: a name given twice is a list. */
export function readQuery<S extends z.ZodType>(
  c: Context,
  schema: S,
): Result<z.output<S>, AuditRefusal> {
  return read(
    schema,
    Object.entries(c.req.queries()).map(([name, values]) => [
      name,
      values.length === 1 ? values[0] : values,
    ]),
  )
}

/** The parameters of a path, likewise. */
export function readParams<S extends z.ZodType>(
  c: Context,
  schema: S,
): Result<z.output<S>, AuditRefusal> {
  return read(schema, Object.entries(c.req.param()))
}

function read<S extends z.ZodType>(
  schema: S,
  given: readonly (readonly [string, unknown])[],
): Result<z.output<S>, AuditRefusal> {
  const values = new Map(given)
  const parsed = schema.safeParse(Object.fromEntries(values))
  if (parsed.success) return ok(parsed.data)
  const [issue] = parsed.error.issues
  const name = issue?.path[0]
  const isTwice =
    (issue?.code === 'invalid_type' || issue?.code === 'invalid_value') &&
    Array.isArray(values.get(String(name)))
  const message = isTwice ? `\`${String(name)}\` is given more than once` : firstIssue(parsed.error)
  return err({ problem: 'malformed', message })
}
