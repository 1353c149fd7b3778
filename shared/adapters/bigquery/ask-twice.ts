import type { BigQueryCall } from '../../bigquery/call.ts'
import { parseErrorBody } from '../../bigquery/upstream-error.ts'
import type { Exchange } from './exchange.ts'
import { BigQueryUnavailable } from './own-questions.ts'

const TIMEOUT_MS = 30_000

/**
 * What BigQuery answers to a question about its jobs, asked again when it fails; undefined for a status in `orElse`.
 * Rejects with `BigQueryUnavailable`, in fixed words.
 */
export async function askTwice(
  call: Exchange['call'],
  connection: string,
  asked: BigQueryCall,
  orElse?: number,
): Promise<unknown> {
  let said = ''
  for (let tries = 0; tries < 2; tries += 1) {
    const { signal } = new AbortController()
    // oxlint-disable-next-line no-await-in-loop -- the second try is for when the first failed
    const answer = await call(connection, asked, { signal, timeoutMs: TIMEOUT_MS })
    if (!answer.ok) {
      said = answer.error.detail ?? answer.error.problem
      continue
    }
    const { status, body } = answer.value
    if (status === 200) return parseJson(body)
    if (status === orElse) return undefined
    // BigQuery's words may quote anything; its reasons are from a list.
    said = `status ${status}, ${parseErrorBody(body)?.reason ?? 'no reason'}`
    if (status !== 429 && status < 500) break
  }
  throw new BigQueryUnavailable(`bigquery does not say which jobs it ran: \`${said}\``)
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    throw new BigQueryUnavailable('an answer is not JSON')
  }
}
