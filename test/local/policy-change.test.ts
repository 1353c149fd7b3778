import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { secretOf } from '../../functions/commands/local-secret.ts'
import { localToken } from '../../functions/commands/local-token.ts'
import { startLocalStack } from '../../infra/local/local-stack.ts'

const infra = join(import.meta.dirname, '../../infra')

test('whoever edits the policy sees what the running stack makes of it', async () => {
  const state = mkdtempSync(join(tmpdir(), 'sluice-state-'))
  const policy = join(state, 'edited.yaml')
  const written = readFileSync(join(infra, 'policy/example.yaml'), 'utf8')
  writeFileSync(policy, written)
  const digests: string[] = []
  const stack = await startLocalStack({
    port: 0,
    issuerPort: 0,
    bigqueryPort: 0,
    policy,
    state,
    bigQuery: { workers: 1 },
    onEntry: (entry) => {
      if ('decision' in entry && entry.decision !== undefined)
        digests.push(entry.decision.policyDigest)
    },
  })
  try {
    const secret = secretOf('ana', join(infra, 'local/identities.yaml'))
    const { access_token: token } = await localToken(stack.issuer.url, 'ana', secret)
    const query = async (): Promise<number> => {
      const response = await fetch(`${stack.gateway}/bigquery/v2/projects/acme/queries`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          query: 'SELECT kind FROM acme.hospital.encounters LIMIT 1',
          useLegacySql: false,
        }),
      })
      await response.text()
      return response.status
    }
    expect(await query()).toBe(200)
    writeFileSync(policy, written.replace('"analysts", "agents"', '"agents"'))
    await expect.poll(query, { timeout: 15_000, interval: 200 }).toBe(403)
    expect(new Set(digests).size).toBe(2)
  } finally {
    await stack.close()
    rmSync(state, { recursive: true, force: true, maxRetries: 10 })
  }
}, 60_000)
