import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { questionsOf } from '../../functions/questions.ts'
import { startLocalBigQuery } from '../../infra/local/bigquery/start-local-bigquery.ts'
import { noCredential } from '../../shared/adapters/bigquery/credential.ts'
import { undiciUpstream } from '../../shared/adapters/bigquery/undici-upstream.ts'
import { googleSqlAnalyzer } from '../../shared/adapters/googlesql/analyzer.ts'
import type { WalkRules } from '../../shared/analysis/walk/rules.ts'
import type { HoldLimits } from '../../shared/gateway/long-poll.ts'
import { parsePolicy } from '../../shared/policy/parse-policy.ts'
import { GATEWAY, ISSUER, type WorldOptions, world } from './world.ts'

const clients = join(import.meta.dirname, '../clients')

const labPolicy = () =>
  readFileSync(join(clients, 'policy.yaml'), 'utf8')
    .replaceAll('http://127.0.0.1:8081', ISSUER)
    .replaceAll('http://127.0.0.1:8080', GATEWAY)

/**
 * The gateway with GoogleSQL and memory behind its ports, in front of the local BigQuery, with the
 * data and the policy of the client tests: Ana and Bob may read the lab and write its orders.
 */
export async function labWorld(
  hold: Partial<HoldLimits> = {},
  {
    data = join(clients, 'data'),
    policy = labPolicy(),
    rules,
    copies,
    ...rest
  }: {
    data?: string
    policy?: string
    rules?: WalkRules
    copies?: Readonly<Record<string, string>>
  } & Pick<WorldOptions, 'portsVia'> = {},
) {
  const ran: Ran[] = []
  const heard: Heard[] = []
  let running = Promise.withResolvers<() => void>()
  const bigQuery = await startLocalBigQuery({
    data,
    ...(copies === undefined ? {} : { copies }),
    workers: 2,
    beforeJob: (sql, labels) =>
      new Promise((go) => {
        ran.push({ sql, labels })
        if (/\blab\.slow\b/.test(sql)) running.resolve(go)
        else go()
      }),
    onRequest: ({ method, path, body }) => {
      heard.push({ method, path, body })
    },
  })
  // A busy machine takes its time.
  const analyzer = googleSqlAnalyzer({ timeoutMs: 30_000, ...(rules !== undefined && { rules }) })
  const exchange = {
    baseUrl: new URL(bigQuery.url),
    credentials: () => noCredential,
    clock: Date.now,
  }
  const upstream = undiciUpstream(exchange)
  const parsed = parsePolicy(policy)
  const questions = questionsOf(parsed.ok ? parsed.value.connections : [], exchange)
  const gateway = await world({
    policy,
    analyze: analyzer.analyze,
    upstream,
    questions,
    hold,
    ...rest,
  })
  return {
    gateway,
    relocate: analyzer.relocate,
    /** What jobs BigQuery ran, in their order. */
    ran,
    /** What BigQuery was asked, in the order in which it arrived. */
    heard,
    /** Changes something in BigQuery as somebody does who needs no gateway. Throws when it fails. */
    behind: async (sql: string): Promise<void> => {
      const reply = await fetch(`${bigQuery.url}/bigquery/v2/projects/acme/queries`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: sql, useLegacySql: false, timeoutMs: 20_000 }),
      })
      if (!reply.ok) throw new Error(await reply.text())
    },
    url: await gateway.listen(),
    bigQueryUrl: bigQuery.url,
    /** Lets the query of `lab.slow` end that runs, or will run. There may be one at a time. */
    release: async (): Promise<void> => {
      const go = await running.promise
      running = Promise.withResolvers()
      go()
    },
    close: async (): Promise<void> => {
      await gateway.close()
      await upstream.close()
      await questions.close()
      analyzer.close()
      await bigQuery.close()
    },
  }
}

/** A job as BigQuery saw it when it ran. */
interface Ran {
  readonly sql: string
  readonly labels: Readonly<Record<string, string>>
}

/** A request as BigQuery saw it. */
interface Heard {
  readonly method: string
  readonly path: string
  readonly body: unknown
}

export type LabWorld = Awaited<ReturnType<typeof labWorld>>
