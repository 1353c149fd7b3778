import { RECEIPT_HEADER } from '../../../shared/recording/receipt-for.ts'
import { parseReceipt } from '../../../shared/recording/receipt.ts'
import type { LabWorld } from '../../support/lab-world.ts'

/** All that a caller sees of a query, page by page, without what two runs of one query differ in. */
export async function seen(world: LabWorld, sql: string): Promise<readonly unknown[]> {
  const pages: unknown[] = []
  const ask = async (path: string, body?: object): Promise<Response> =>
    fetch(`${world.url}/bigquery/v2/projects/acme/queries${path}`, {
      headers: {
        authorization: `Bearer ${await world.gateway.token('ana')}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    })
  let reply = await ask('', { query: sql, useLegacySql: false, maxResults: 8 })
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop
    const text = await reply.text()
    const body = JSON.parse(text)
    pages.push([reply.status, headersOf(reply), withoutIds(text)])
    const { pageToken, jobReference } = body
    if (pageToken === undefined || pages.length > 8) return pages
    const query = new URLSearchParams({ pageToken, maxResults: '8', location: 'US' })
    // oxlint-disable-next-line no-await-in-loop -- each page names the next
    reply = await ask(`/${jobReference.jobId}?${query.toString()}`)
  }
}

function headersOf(reply: Response): readonly (readonly [string, string])[] {
  const changing = ['date', 'sluice-call', 'etag', 'content-length', 'x-request-id']
  return [...reply.headers]
    .filter(([name]) => !changing.includes(name))
    .map(([name, value]) => [name, name === RECEIPT_HEADER ? withoutHash(value) : value])
}

/** Of a receipt what is not random: its hash is salted, its signature follows from it. */
function withoutHash(value: string): string {
  const receipt = parseReceipt(value)?.receipt
  const part = receipt?.entry.replace(/[a-z2-7]{26}/g, 'id')
  return JSON.stringify([receipt?.v, receipt?.log, part, value.length])
}

/** Ids, times and tokens are of the run, not of the data. */
function withoutIds(text: string): string {
  return text
    .replaceAll(
      /"(jobId|queryId|creationTime|startTime|endTime|etag|pageToken|location)": ?"[^"]*"/g,
      '"$1"',
    )
    .replaceAll(/Sluice call [a-z2-7]{26}/g, 'call')
}
