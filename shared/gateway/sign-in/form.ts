import type { Context } from 'hono'

import type { Form } from '../../identity/oauth-problem.ts'
import { type Result, err, ok } from '../../kernel/result.ts'

/** Two tokens of 16 kB fit in, form-encoded. */
const MAX_BODY_BYTES = 64 * 1024

/** A body that is no form, as HTTP says so. */
export interface FormProblem {
  readonly status: 400 | 413 | 415
  readonly description: string
}

/** Reads a form body: of this content type, not too large, no parameter twice (RFC 6749 §3.2). */
export async function formOf(c: Context): Promise<Result<Form, FormProblem>> {
  const type = c.req.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded')
    return err({
      status: 415,
      description: 'the content type must be application/x-www-form-urlencoded',
    })
  if (c.req.header('content-encoding') !== undefined)
    return err({ status: 415, description: 'the body must not be compressed' })

  const body = await bodyOf(c)
  if (body === undefined)
    return err({ status: 413, description: `the body has more than ${MAX_BODY_BYTES} bytes` })
  const form = parameters(new URLSearchParams(body))
  return form === undefined
    ? err({ status: 400, description: 'a parameter must not occur twice' })
    : ok(form)
}

/** Parameters by name, those without a value left out; `undefined` when one occurs twice. */
export function parameters(pairs: URLSearchParams): Form | undefined {
  const names = [...pairs.keys()]
  if (new Set(names).size !== names.length) return undefined
  return new Map([...pairs].filter(([, value]) => value !== ''))
}

async function bodyOf(c: Context): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of c.req.raw.body ?? []) {
    size += chunk.length
    // Counted, not believed: content-length may be wrong or absent.
    if (size > MAX_BODY_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
