import { join } from 'node:path'

import { z } from 'zod'

import { secretOf } from '../../../functions/commands/local-secret.ts'
import { localToken } from '../../../functions/commands/local-token.ts'
import type { Place } from './sign-in.ts'

const IDENTITIES = join(import.meta.dirname, '../../../infra/local/identities.yaml')

/** Asks the gateway as somebody, without a browser: the body of its answer. Rejects when it says no. */
export async function askGateway(
  { gateway, issuer }: Place,
  as: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const { access_token: token } = await localToken(issuer, as, secretOf(as, IDENTITIES))
  const response = await fetch(`${gateway}${path}`, {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text.slice(0, 500)}`)
  return JSON.parse(text)
}

const Answer = z.object({ jobReference: z.object({ jobId: z.string() }) })
const Waiting = z.object({ approvals: z.array(z.object({ id: z.string() })) })
const Request = z.object({ jobId: z.string() })

let asked = 0

/** A query of `mcp-agent` that waits for the privacy office from now on; no two alike. Resolves with the id of the request. */
export async function held(place: Place): Promise<string> {
  asked += 1
  const { jobReference } = Answer.parse(
    await askGateway(place, 'mcp-agent', '/bigquery/v2/projects/acme/queries', {
      query: `SELECT payer, COUNT(*) AS n FROM acme.hospital.claims WHERE amount > ${process.pid * 1000 + asked} GROUP BY payer`,
      useLegacySql: false,
      timeoutMs: 0,
      labels: { 'mcp-toolbox-tool': 'execute-sql' },
    }),
  )
  const { approvals } = Waiting.parse(await askGateway(place, 'petra', '/v1/approvals'))
  for (const { id } of approvals.toReversed()) {
    // oxlint-disable-next-line no-await-in-loop -- the newest, most likely
    const request = Request.parse(await askGateway(place, 'petra', `/v1/approvals/${id}`))
    if (request.jobId === jobReference.jobId) return id
  }
  throw new Error('it does not wait')
}
