import { expect, test } from 'vitest'

import { approvalPages } from '../../../shared/console/pages/approvals/approval-pages.ts'
import { recordPages } from '../../../shared/console/pages/record-pages.ts'
import { APPROVAL, aRequest, anApproval } from '../../support/console-approvals.ts'
import { CALL } from '../../support/console-entries.ts'
import { HOSTILE, SESSION, aCall, aSummary } from '../../support/console-fixtures.ts'
import { consolePages } from '../../support/console-page.ts'
import { aSession } from '../../support/console-sessions.ts'
import { aTable, someTables } from '../../support/console-tables.ts'

/** Members that Sluice or Google fills by itself: ids, digests, instants, words of a vocabulary. All others are somebody's. */
const OURS = new Set(
  [
    'at committedAt requestedAt expiresAt until lastAt lastReadAt closedAt decision state',
    'shownState body of verdict call type event channel method hash writer digest rowsDigest',
    'mask outcome approval grant fingerprint id entry session sessions rule totalRows',
    'policyDigest jobUrl proofUrl listPrice issuer replayOf description group principal',
    'statementType escalationGroup problem jobId projectId location mode',
  ]
    .join(' ')
    .split(' '),
)

/** The same view with the hostile text in every place where text may come from somebody else. */
function hostile<T>(view: T): T {
  return JSON.parse(JSON.stringify(view), (key, value: unknown) =>
    typeof value === 'string' && !OURS.has(key) && !isOurs(value) ? HOSTILE : value,
  ) as T
}

const isOurs = (value: string): boolean => ['vote', 'revoke', 'review', 'cancel'].includes(value)

const call = hostile(aCall())
const calls = { calls: [hostile(aSummary())], facets: [], counted: { calls: 1, isAll: true } }
const requests = { approvals: [hostile(aRequest({ targets: ['t'] }))] }
const session = hostile(aSession())

test.each([
  ['/sessions', { 'GET /v1/sessions': { sessions: [session.summary] } }],
  [`/sessions/${SESSION}`, { [`GET /v1/sessions/${SESSION}`]: session }],
  [
    `/sessions/${SESSION}/playback?step=2`,
    {
      [`GET /v1/sessions/${SESSION}`]: session,
      ...Object.fromEntries(
        session.calls.map(({ summary }) => [`GET /v1/calls/${summary.call}`, call]),
      ),
    },
  ],
  [`/calls/${CALL}`, { [`GET /v1/calls/${CALL}`]: call }],
  ['/tables', { 'GET /v1/tables': hostile(someTables()) }],
  ['/tables/t', { 'GET /v1/tables/t': hostile(aTable()) }],
  ['/approvals', { 'GET /v1/approvals': requests, 'GET /v1/calls': calls }],
  [
    `/approvals/${APPROVAL}`,
    { [`GET /v1/approvals/${APPROVAL}`]: hostile(anApproval()), 'GET /v1/calls': calls },
  ],
])(
  'nothing that somebody wrote becomes markup, or turns text around, on %s',
  async (path, answers) => {
    const { page } = consolePages((app) => {
      recordPages(app)
      approvalPages(app)
    }, answers)
    const { status, html } = await page(path)
    expect(status).toBe(200)
    expect(html).toContain('&lt;script&gt;')
    expect(html).not.toMatch(/<script>|<img/)
    // What is copied or led to is as it was; what is read is not.
    const read = html.replaceAll(/<[^>]*>/g, '')
    expect(/.{0,60}\u202E/u.exec(read)?.[0] ?? '').toBe('')
  },
)
