import { gzipSync } from 'node:zlib'

import type { Respond } from './stub-upstream.ts'

/** Answers with JSON; gzip-encoded when asked to. */
export function jsonReply(
  status: number,
  body: unknown,
  options: { readonly gzip?: boolean; readonly headers?: Readonly<Record<string, string>> } = {},
): Respond {
  return bytesReply(status, Buffer.from(JSON.stringify(body)), options)
}

/** Answers with these bytes, as JSON unless the headers say otherwise. */
export function bytesReply(
  status: number,
  plain: Buffer,
  options: { readonly gzip?: boolean; readonly headers?: Readonly<Record<string, string>> } = {},
): Respond {
  const gzip = options.gzip === true
  const bytes = gzip ? gzipSync(plain) : plain
  return (_request, response) => {
    response.writeHead(status, {
      'content-type': 'application/json; charset=UTF-8',
      'content-length': bytes.length,
      ...(gzip ? { 'content-encoding': 'gzip' } : {}),
      ...options.headers,
    })
    response.end(bytes)
  }
}

/** BigQuery's error JSON. `reason` is spelled as in its error table. */
export function errorReply(code: number, reason: string, message: string, status = ''): Respond {
  return jsonReply(code, {
    error: { code, message, errors: [{ message, domain: 'global', reason }], status },
  })
}

/** A finished `jobs.query` whose body is exactly `bytes` long (at least 1 kB). */
export function queryReply(options: {
  readonly bytes: number
  readonly gzip?: boolean
  readonly projectId?: string
  readonly jobId?: string
}): Respond {
  return bytesReply(200, queryResponse(options), { gzip: options.gzip === true })
}

/** The body `queryReply` sends: columns `id INTEGER` and `text STRING`, ids counting from 1. */
export function queryResponse(options: {
  readonly bytes: number
  readonly projectId?: string
  readonly jobId?: string
}): Buffer {
  const { bytes, projectId = 'acme', jobId = 'job_stub' } = options
  const body = (rows: readonly string[]): string => {
    const head = {
      kind: 'bigquery#queryResponse',
      schema: {
        fields: [
          { name: 'id', type: 'INTEGER', mode: 'NULLABLE' },
          { name: 'text', type: 'STRING', mode: 'NULLABLE' },
        ],
      },
      jobReference: { projectId, jobId, location: 'US' },
      totalRows: String(rows.length),
      totalBytesProcessed: '1048576',
      jobComplete: true,
      cacheHit: false,
    }
    return `${JSON.stringify(head).slice(0, -1)},"rows":[${rows.join(',')}]}`
  }
  const rows: string[] = []
  let length = body([]).length
  while (length + 300 < bytes) {
    rows.push(row(rows.length + 1, `row ${rows.length + 1} `.padEnd(160, 'lorem ipsum ')))
    length += (rows.at(-1) ?? '').length + 1
  }
  const last = rows.length + 1
  const missing = bytes - body([...rows, row(last, '')]).length
  if (missing < 0) throw new RangeError('too small for a query response')
  return Buffer.from(body([...rows, row(last, 'x'.repeat(missing))]))
}

const row = (id: number, text: string): string =>
  JSON.stringify({ f: [{ v: String(id) }, { v: text }] })
