import { Pool } from 'undici'

import { REPLIES, type ReplyId } from './replies.ts'

export interface Load {
  readonly reply: ReplyId
  readonly requests: number
  /** Connections, each with one request under way. */
  readonly concurrency: number
  /** Ask something else each time, so that no analysis is remembered. */
  readonly fresh?: boolean | undefined
  /** Whether a column of what it asks for is masked. */
  readonly masked?: boolean | undefined
}

let asked = 0

/**
 * Sends queries to a server and resolves with how long each took, in milliseconds, to its last byte.
 * Rejects when an answer is not the reply in full: a wrong answer is not a fast one.
 */
export async function load(url: string, token: string, what: Load): Promise<readonly number[]> {
  const pool = new Pool(url, { connections: what.concurrency })
  const durations: number[] = []
  const worker = async (): Promise<void> => {
    while (asked < last) {
      asked += 1
      const startedAt = performance.now()
      await askOnce(pool, token, what, asked)
      durations.push(performance.now() - startedAt)
    }
  }
  const last = asked + what.requests
  try {
    await Promise.all(Array.from({ length: what.concurrency }, worker))
  } finally {
    await pool.close()
  }
  return durations
}

/** One query, answered in full; resolves with how the answer begins. */
export async function askOnce(
  pool: Pool,
  token: string,
  { reply, fresh = false, masked = false }: Pick<Load, 'reply' | 'fresh' | 'masked'>,
  nonce: number,
): Promise<string> {
  const column = masked ? 'ssn' : 'name'
  const where = fresh ? `id > ${nonce}` : 'id > 0'
  const sql = `SELECT id, ${column} AS text FROM acme.hospital.patients WHERE ${where}`
  const { statusCode, headers, body } = await pool.request({
    method: 'POST',
    path: `/bigquery/v2/projects/${reply}/queries`,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'accept-encoding': 'gzip',
    },
    body: JSON.stringify({ query: sql, useLegacySql: false, maxResults: 100_000 }),
  })
  let length = 0
  let start = ''
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (length === 0) start = chunk.toString('utf8', 0, 500)
    length += chunk.length
  }
  // Masking rewrites `kind` and leaves out what it does not know; the rows make up the rest.
  const { bytes } = REPLIES[reply]
  const inFull = masked || headers['content-encoding'] === 'gzip' || Math.abs(length - bytes) < 200
  if (statusCode !== 200 || !inFull) throw new Error(`${statusCode}, ${length} bytes: ${start}`)
  return start
}
