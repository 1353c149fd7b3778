import { z } from '@hono/zod-openapi'

const MOST_ROWS = 200

const body = z.object({
  rows: z.array(z.object({ f: z.array(z.object({ v: z.unknown() })) })).optional(),
})

const fields = z.object({
  fields: z
    .array(z.object({ name: z.string(), type: z.string(), mode: z.string().optional() }))
    .optional(),
})

/** The first 200 rows of a recorded body, as BigQuery writes cells; undefined when it is none. What is nested is JSON. */
export function recordedRows(base64: string): (string | null)[][] | undefined {
  const read = body.safeParse(jsonOf(Buffer.from(base64, 'base64').toString()))
  return read.success
    ? (read.data.rows ?? []).slice(0, MOST_ROWS).map(({ f }) => f.map(({ v }) => cellOf(v)))
    : undefined
}

/** The columns of a recorded schema; undefined when it is none. */
export function recordedColumns(
  schema: string,
): { name: string; type: string; mode?: string | undefined }[] | undefined {
  const read = fields.safeParse(jsonOf(schema))
  return read.success ? read.data.fields : undefined
}

function cellOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
