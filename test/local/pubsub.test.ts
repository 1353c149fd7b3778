import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, test, vi } from 'vitest'
import { z } from 'zod'

import { startLocalStack } from '../../infra/local/local-stack.ts'
import { pubSubEmulator } from '../support/pubsub-emulator.ts'

const emulator = await pubSubEmulator()
if ('missing' in emulator) console.warn(`Pub/Sub is not tested locally: ${emulator.missing}`)

const Pending = z.object({ jobReference: z.object({ jobId: z.string() }) })
const Shown = z.object({ digest: z.string() })

describe.skipIf('missing' in emulator)('the local stack on Pub/Sub', { timeout: 60_000 }, () => {
  test('a vote travels by its topics, and starts what it approves', async () => {
    vi.stubEnv('PUBSUB_EMULATOR_HOST', 'host' in emulator ? emulator.host : '')
    const state = mkdtempSync(join(tmpdir(), 'sluice-pubsub-'))
    const stack = await startLocalStack({
      port: 0,
      issuerPort: 0,
      bigqueryPort: 0,
      state,
      pubsubProject: `local-${randomUUID().slice(0, 8)}`,
    })
    const as = async (name: string, path: string, body?: unknown): Promise<unknown> => {
      const reply = await fetch(`${stack.gateway}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization: `Bearer ${await stack.issuer.token(name)}`,
          'content-type': 'application/json',
        },
        body: body === undefined ? null : JSON.stringify(body),
      })
      return reply.json()
    }
    try {
      const asked = await as('mcp-agent', '/bigquery/v2/projects/acme/queries', {
        query: 'SELECT COUNT(*) AS n FROM acme.hospital.claims',
        useLegacySql: false,
        timeoutMs: 0,
      })
      const { jobId } = Pending.parse(asked).jobReference
      const approval = `/v1/approvals/${jobId.replace('sluice_', '')}`
      const { digest } = Shown.parse(await as('petra', approval))
      await as('petra', `${approval}/votes`, { verdict: 'approve', digest })
      const results = `/bigquery/v2/projects/acme/queries/${jobId}?timeoutMs=20000`
      expect(await as('mcp-agent', results)).toMatchObject({ jobComplete: true, totalRows: '1' })
    } finally {
      await stack.close()
      rmSync(state, { recursive: true, force: true })
      vi.unstubAllEnvs()
    }
  })
})
