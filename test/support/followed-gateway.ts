import { once } from 'node:events'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { vi } from 'vitest'

import { httpListener } from '../../functions/http-listener.ts'
import { gateway } from '../../functions/wiring.ts'
import type { Entry } from '../../shared/recording/entry.ts'
import { GATEWAY, ISSUER, POLICY, type Person, publicJwk, signToken } from './people.ts'
import { stubBigQuery } from './stub-bigquery.ts'
import { jsonReply } from './stub-replies.ts'
import { startStubUpstream } from './stub-upstream.ts'

/** What the gateway writes to its log. */
export interface LogLine {
  readonly severity: string
  readonly message: string
  readonly reasons?: readonly string[]
  readonly policyDigest?: string
}

/**
 * The gateway of `functions/wiring.ts` in this process, in front of stubs, following a policy file that
 * `write` replaces. Its log is caught until it is closed.
 */
export async function followedGateway(policy: (good: string) => string = (good) => good) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-policy-'))
  const file = join(folder, 'policy.yaml')
  const bigQuery = stubBigQuery()
  const [upstream, issuer] = await Promise.all([
    startStubUpstream(bigQuery.respond),
    startStubUpstream(),
  ])
  const { origin } = issuer.url
  issuer.respond((request, response) =>
    jsonReply(
      200,
      request.path === '/jwks'
        ? { keys: [publicJwk] }
        : { issuer: origin, jwks_uri: `${origin}/jwks` },
    )(request, response),
  )
  const log: LogLine[] = []
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    log.push(JSON.parse(String(text)) as LogLine)
    return true
  })

  let listener: ReturnType<typeof httpListener> | undefined
  const server = createServer((request, response) => listener?.(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const url = `http://127.0.0.1:${port}`
  const good = POLICY.replaceAll(ISSUER, origin).replaceAll(GATEWAY, url)
  writeFileSync(file, policy(good))

  const entries: Entry[] = []
  const served = await gateway(
    {
      SLUICE_POLICY: file,
      SLUICE_URL: url,
      SLUICE_STORE: `sqlite:${join(folder, 'record.sqlite')}`,
      SLUICE_SIGNING_KEY: `file:${join(folder, 'key.json')}`,
      SLUICE_RECORD_KEYS: `file:${join(folder, 'record-keys.json')}`,
      SLUICE_BIGQUERY_URL: upstream.url.href,
    },
    { policyEveryMs: 20, onEntry: (entry) => entries.push(entry) },
  )
  listener = httpListener(served.fetch)

  return {
    url,
    file,
    good,
    log,
    entries,
    bigQuery,
    upstream,
    /** Replaces the policy file as a careful person does: whole, by a rename. */
    write: (text: string): void => {
      writeFileSync(`${file}.new`, text)
      renameSync(`${file}.new`, file)
    },
    token: (name: Person) => signToken(name, Date.now(), { iss: origin, aud: url }),
    /** `jobs.query`, as somebody or with a token. */
    query: async (sql: string, as: Person | { readonly token: string }): Promise<Response> => {
      const token =
        typeof as === 'string'
          ? await signToken(as, Date.now(), { iss: origin, aud: url })
          : as.token
      return fetch(`${url}/bigquery/v2/projects/acme/queries`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query: sql, useLegacySql: false }),
      })
    },
    /** The first line of the log that fits, when it is there. */
    logged: async (message: RegExp, times = 1): Promise<LogLine> => {
      for (let i = 0; i < 500; i++) {
        const found = log.filter((line) => message.test(line.message))
        const [line] = found.slice(times - 1)
        if (line !== undefined) return line
        // oxlint-disable-next-line no-await-in-loop -- each look waits for the one before
        await wait(10)
      }
      throw new Error(`not logged: ${JSON.stringify(log)}`)
    },
    close: async (): Promise<void> => {
      spy.mockRestore()
      await served.close()
      server.close()
      server.closeAllConnections()
      await Promise.all([upstream.close(), issuer.close()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type FollowedGateway = Awaited<ReturnType<typeof followedGateway>>
