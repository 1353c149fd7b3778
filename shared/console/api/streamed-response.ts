import type { Context } from 'hono'

import type { AuditSurface } from '../audit-ports.ts'
import { streamed } from './streamed.ts'

/** What the HTTP surface of an export knows of the world around it. */
export interface ExportSurface extends AuditSurface {
  /** Destroys the connection of a request: whoever reads must not take what came until then for all of it. */
  readonly breakOff: (c: Context) => void
}

/** Answers with lines as they are made. Rejects when the first of them cannot be; what fails later breaks the answer off. */
export async function streamedResponse(
  surface: ExportSurface,
  c: Context,
  lines: AsyncIterable<Buffer>,
  type: string,
): Promise<Response> {
  const body = await streamed(lines, (cause) => {
    surface.breakOff(c)
    surface.onFailure(cause)
  })
  return new Response(body, {
    headers: {
      'content-type': type,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
