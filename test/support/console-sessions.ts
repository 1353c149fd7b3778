import type { CallSummary } from '../../shared/console/views/call-view.ts'
import type { SessionView } from '../../shared/console/views/session-view.ts'
import { PERSON, SESSION, aSummary } from './console-fixtures.ts'

type Call = SessionView['calls'][number]

/** An agent's session: a read, a denial, one that waits for approval and runs, a failure, one under way. */
export function aSession(changes: Partial<SessionView> = {}): SessionView {
  return {
    summary: {
      session: SESSION,
      at: '2026-11-20T09:12:00.000Z',
      principal: PERSON,
      claimed: {
        server: 'bigquery-mcp',
        tool: 'execute_sql',
        name: 'triage',
        userAgent: 'claude-desktop/1.4.2',
      },
      sourceAddress: '10.20.30.40',
      closedAt: '2026-11-20T09:31:00.000Z',
      calls: 5,
      denied: 1,
      held: 1,
    },
    calls: [read(), denied(), held(), failed(), underWay()],
    entries: [
      upkeep('opened', '2026-11-20T09:12:00.000Z', {}),
      upkeep('closed', '2026-11-20T09:31:00.000Z', {
        count: 12,
        root: 'q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=',
      }),
    ],
    ...changes,
  }
}

const read = () =>
  call('a1', '09:12:31.204', { durationMs: 1_284 }, [
    ['request', '09:12:31.204', 'ana asks jobs.query SELECT acme.hospital.patients'],
    ['outcome', '09:12:32.488', 'released: 50 rows, 4096 bytes after 1284 ms'],
  ])

const denied = () =>
  call(
    'b2',
    '09:13:05.000',
    {
      decision: 'deny',
      reason: 'no-rule',
      problem: 'denied',
      rules: [],
      outcome: undefined,
      durationMs: undefined,
      rows: 0,
      masked: [],
      tables: ['acme.hospital.payroll'],
      flags: [{ rule: 'repeated-denials', why: '4 denials in 10 minutes' }],
    },
    [['refusal', '09:13:05.000', 'ana asks jobs.query SELECT acme.hospital.payroll: refused']],
  )

const held = () =>
  call(
    'c3',
    '09:14:00.000',
    {
      decision: 'require-approval',
      rules: ['ssn-needs-two'],
      approval: 'ENDED',
      grant: 'g'.repeat(26),
      approvers: ['petra@acme.example', 'paul@acme.example'],
      durationMs: 402_000,
    },
    [
      ['request', '09:14:00.000', 'ana asks: needs approval by ssn-needs-two'],
      ['approval', '09:14:00.100', 'approval: asked'],
      ['approval', '09:17:30.000', 'approval: petra votes to approve (slack)'],
      ['approval', '09:20:10.000', 'approval: paul votes to approve (api)'],
      ['approval', '09:20:10.100', 'approval: approved until 2026-11-20T10:20:10.100Z'],
      ['page', '09:20:40.000', 'ana got 20 more rows, 2048 bytes'],
      ['outcome', '09:20:42.000', 'released: 30 of 50 rows, 4096 bytes after 402000 ms'],
    ],
  )

const failed = () =>
  call('d4', '09:22:00.000', { outcome: 'failed', durationMs: 210, rows: 0, masked: [] }, [
    ['request', '09:22:00.000', 'ana asks jobs.query SELECT'],
    ['outcome', '09:22:00.210', 'failed: invalidQuery, 412 bytes after 210 ms'],
  ])

const underWay = () =>
  call('e5', '09:30:00.000', { outcome: undefined, durationMs: undefined, rows: 0 }, [
    ['request', '09:30:00.000', 'ana asks jobs.query SELECT'],
  ])

function call(
  id: string,
  time: string,
  changes: Partial<CallSummary>,
  steps: readonly (readonly [string, string, string])[],
): Call {
  const summary = aSummary({ call: id.repeat(13), at: `2026-11-20T${time}Z`, ...changes })
  return {
    summary,
    steps: steps.map(([type, at, words], index) => ({
      entry: `${summary.call}~${type}~${index}`,
      type,
      at: `2026-11-20T${at}Z`,
      summary: words,
    })),
  }
}

function upkeep(what: string, at: string, more: object): SessionView['entries'][number] {
  return {
    id: `${SESSION}~${what}`,
    type: `session-${what}`,
    at,
    committedAt: at,
    summary: `session ${what}`,
    hash: '77'.repeat(32),
    writer: 'gw-7f3k',
    number: 40,
    verification: { state: 'sealed', leaf: 90_210, treeSize: 90_400 },
    entry: { v: 1, type: `session-${what}`, session: SESSION, ...more },
  }
}
