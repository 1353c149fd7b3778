import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { secretOf } from '../../functions/commands/local-secret.ts'
import { localToken } from '../../functions/commands/local-token.ts'
import { type LocalStack, startLocalStack } from '../../infra/local/local-stack.ts'
import { runSluice } from '../support/run-sluice.ts'

const identities = join(import.meta.dirname, '../../infra/local/identities.yaml')
const query = (sql: string) => JSON.stringify({ query: sql, useLegacySql: false })

async function askAsAna({ gateway, issuer }: LocalStack): Promise<number> {
  const { access_token } = await localToken(issuer.url, 'ana', secretOf('ana', identities))
  const reply = await fetch(`${gateway}/bigquery/v2/projects/acme/queries`, {
    method: 'POST',
    headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
    body: query('SELECT kind FROM acme.hospital.encounters LIMIT 1'),
  })
  return reply.status
}

test('an auditor finds on the running stack what went past it, also after it was started again', async () => {
  const state = mkdtempSync(join(tmpdir(), 'sluice-state-'))
  const ports = { port: 0, issuerPort: 0, bigqueryPort: 0 }
  const start = () => startLocalStack({ ...ports, state, bigQuery: { workers: 1 } })
  let stack = await start()
  const reconcile = (who: string) =>
    runSluice('reconcile', '--gateway', stack.gateway, '--as', who, '--identities', identities)
  try {
    expect(await askAsAna(stack)).toBe(200)
    expect(await reconcile('otto')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/\n1 jobs of Sluice, 1 calls .*\neverything fits\n$/),
    })
    await fetch(`${stack.bigQuery.url}/bigquery/v2/projects/acme/queries`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: query('SELECT ssn FROM acme.hospital.patients'),
    })
    expect(await reconcile('otto')).toMatchObject({
      code: 3,
      out: expect.stringMatching(
        /job-without-entry, job acme:US\.\S+, .*it has no label of Sluice, new\n$/,
      ),
    })
    expect(await reconcile('ana')).toMatchObject({
      code: 1,
      err: expect.stringContaining('this is for people whom policy names auditors'),
    })

    await stack.close()
    stack = await start()
    expect(await reconcile('otto')).toMatchObject({ code: 0 })
  } finally {
    await stack.close()
    rmSync(state, { recursive: true, force: true, maxRetries: 10 })
  }
}, 120_000)
