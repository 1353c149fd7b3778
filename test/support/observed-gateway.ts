import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { startLocalBigQuery } from '../../infra/local/bigquery/start-local-bigquery.ts'
import { HOSPITAL_POLICY } from './hospital-world.ts'
import { startCollector } from './otlp-collector.ts'
import { GATEWAY, ISSUER } from './people.ts'
import { runFunction } from './running-function.ts'
import { QUERIES } from './world.ts'

/** The trace that the caller of all of it is in, and their span. */
export const TRACE = '0af7651916cd43dd8448eb211c80319c'
export const PARENT = 'b7ad6b7169203331'
const CANARY = 'canary7f3a'
/** Number and name of the first patient; the caller, their token and their sign-in; what is in everything they send. */
export const SECRETS = [CANARY, '941-22-1655', 'Yusuf', '"ana"', 'eyJ', 'sign-in-of'] as const

/** What is asked of it, by name. `#` stands for what may show up nowhere. */
const ASKED = {
  masked: "SELECT ssn, name FROM acme.hospital.patients WHERE id = 1 AND name != '#'",
  denied: "SELECT '#' FROM acme.finance.payroll",
  unreadable: 'SELECT # FROM',
  held: "SELECT amount, '#' AS why FROM acme.hospital.claims",
  failing: "SELECT ERROR(CONCAT('#', name)) FROM acme.hospital.patients",
} as const

/** Claims are read with leave, and traces have SQL. */
const MORE = `  - id: claims-are-held
    description: Claims of people are read with leave.
    effect: require-approval
    approval: office
    when: query.tables.exists(t, t == "acme.hospital.claims")
roles: { privacy-office: approver }
approvals:
  - id: office
    description: The privacy office decides.
    approvers: { anyOf: [{ group: privacy-office, votes: 1 }] }
    wait: 12h
    useWithin: 15m
telemetry: { queryText: without-literals }
`

/**
 * The gateway in a process of its own, observed as much as it can be: traces, metrics, debug lines, and SQL in traces
 * without its literals. It is asked things, some of them while its collector answers nothing, and has ended.
 */
export async function observedGateway() {
  const data = join(import.meta.dirname, '../../infra/local/data')
  const [bigQuery, collector] = await Promise.all([startLocalBigQuery({ data }), startCollector()])
  const gateway = await runFunction(
    {
      SLUICE_BIGQUERY_URL: bigQuery.url,
      SLUICE_LOG_LEVEL: 'debug',
      GOOGLE_CLOUD_PROJECT: 'acme-sluice',
      K_SERVICE: 'sluice-gateway',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      // So that it sends while calls are under way.
      OTEL_BSP_SCHEDULE_DELAY: '10',
    },
    (good) => {
      const [, issuer = ''] = /issuer: (\S+)/.exec(good) ?? []
      const [, audience = ''] = /audiences: \[(\S+)\]/.exec(good) ?? []
      const policy = HOSPITAL_POLICY.replaceAll(ISSUER, issuer).replaceAll(GATEWAY, audience)
      return `${policy}${MORE}`
    },
  )
  let requests = 0
  const query = async (
    sql: string,
    timeoutMs?: number,
  ): Promise<{ status: number; text: string }> => {
    requests += 1
    const response = await gateway.request(QUERIES, {
      as: 'ana',
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        traceparent: `00-${TRACE}-${PARENT}-01`,
        tracestate: `${CANARY}=${CANARY}`,
        baggage: `who=${CANARY}`,
        'user-agent': CANARY,
      },
      body: JSON.stringify({
        query: sql.replace('#', CANARY),
        useLegacySql: false,
        requestId: `${CANARY}-${requests}`,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      }),
    })
    return { status: response.status, text: await response.text() }
  }
  const other = async (path: string, init: Parameters<typeof gateway.request>[1]) =>
    (await gateway.request(path, init)).status

  await gateway.ready()
  collector.holds = true
  await query('SELECT 1')
  for (let tries = 0; tries < 400 && collector.held.length === 0; tries++) await wait(25)
  const held = collector.held.length
  const whileHeld = await Promise.all([query('SELECT 2'), query('SELECT 3')])
  collector.holds = false
  for (const response of collector.held) response.writeHead(400).end(CANARY)
  // Not one of those that were held.
  await wait(50)
  collector.spans.length = 0

  const answers = {
    masked: await query(ASKED.masked),
    denied: await query(ASKED.denied),
    held: await query(ASKED.held, 0),
    unreadable: await query(ASKED.unreadable),
    failing: await query(ASKED.failing),
  }
  const others = [
    await other(`/bigquery/v2/projects/acme/datasets/${CANARY}?x=${CANARY}`, {
      headers: { authorization: `Bearer ${CANARY}` },
    }),
    await other(`/bigquery/v2/projects/${CANARY}/jobs/${CANARY}`, { as: 'ana' }),
    await other(`/${CANARY}?q=${CANARY}`, { as: 'ana', method: 'PROPFIND' }),
  ]
  const ended = await gateway.end('SIGTERM')
  return {
    collector,
    answers,
    others,
    ended,
    whileHeld: { held, statuses: whileHeld.map(({ status }) => status) },
    output: gateway.output(),
    bigQueryPort: Number(new URL(bigQuery.url).port),
    close: async (): Promise<void> => {
      await gateway.stop()
      await Promise.all([collector.close(), bigQuery.close()])
    },
  }
}

export type ObservedGateway = Awaited<ReturnType<typeof observedGateway>>
