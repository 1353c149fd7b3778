import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, expect, test, vi } from 'vitest'

import { reconcilingOf } from '../../../functions/reconciling.ts'
import { noCredential } from '../../../shared/adapters/bigquery/credential.ts'
import { registered } from '../../../shared/adapters/registers/registered.ts'
import { type TableReference, tableReference } from '../../../shared/bigquery/reference.ts'
import { parsePolicy } from '../../../shared/policy/parse-policy.ts'
import { localBigQuery } from '../../support/local-bigquery.ts'
import { memoryRegisters } from '../../support/memory-registers.ts'
import { POLICY } from '../../support/people.ts'
import { recordingWorld } from '../../support/recording-world.ts'

const began = Date.now()
const { url, query } = await localBigQuery()

const policy = parsePolicy(POLICY)
const connections = policy.ok ? policy.value.connections.filter(({ id }) => id === 'main') : []

/** With a BigQuery here. */
function reconcilingWorld(baseUrl = url, cloudAuditLogs?: TableReference) {
  const { recorder, store } = recordingWorld()
  const { reconciledUpTo } = registered(memoryRegisters())
  const reconciling = reconcilingOf(
    connections,
    { baseUrl: new URL(baseUrl), credentials: () => noCredential, clock: Date.now },
    {
      journal: { ...recorder, clock: Date.now },
      store: { jobs: store.jobs, reconciledUpTo },
      cloudAuditLogs,
      jobsKnown: { since: began, lagMs: 0 },
    },
  )
  afterAll(() => reconciling.close())
  return { reconciling, store }
}

async function logged(work: () => Promise<unknown>): Promise<readonly unknown[]> {
  const lines: string[] = []
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text))
    return true
  })
  try {
    await work()
  } finally {
    spy.mockRestore()
  }
  return lines.map((line): unknown => JSON.parse(line))
}

test('the log hears of what does not fit when it is new, and of what it asks itself never', async () => {
  const { reconciling, store } = reconcilingWorld()
  await query('SELECT 1 AS past_sluice')
  await sleep(5)
  const first = await logged(() => reconciling.reconcile({ from: began }))
  const [alert] = store.ofType('alert')
  expect(first).toEqual([
    {
      severity: 'ERROR',
      message: 'bigquery and the record do not agree',
      entry: alert?.id,
      alert: 'job-without-entry',
      detail: 'it has no label of Sluice',
      call: '',
      jobId: `acme:US.${alert?.job?.jobId}`,
      account: 'local@sluice.example',
    },
  ])
  await sleep(5)
  expect(await logged(() => reconciling.reconcile({ from: began }))).toEqual([])
})

test('why BigQuery does not say is in the log', async () => {
  const { reconciling } = reconcilingWorld('http://127.0.0.1:1')
  const lines = await logged(() =>
    expect(reconciling.reconcile({ from: began })).rejects.toThrow(/^bigquery does not say/),
  )
  expect(lines).toEqual([
    {
      severity: 'ERROR',
      message: 'the record could not be compared',
      reason: expect.stringMatching(/^bigquery does not say which jobs it ran: `/),
    },
  ])
})

test('audit logs that nobody may read are not left out', async () => {
  const logs = tableReference('elsewhere', 'audit', 'cloudaudit_googleapis_com_data_access')
  const { reconciling } = reconcilingWorld(url, logs)
  const lines = await logged(() =>
    expect(reconciling.reconcile({ from: began })).rejects.toThrow('SLUICE_CLOUD_AUDIT_LOGS'),
  )
  expect(lines).toMatchObject([{ message: 'the record could not be compared' }])
})
