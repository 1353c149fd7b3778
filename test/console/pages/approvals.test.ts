import { describe, expect, test } from 'vitest'

import type { ApprovalView } from '../../../shared/approval-desk/api/approval-view.ts'
import { approvalPages } from '../../../shared/console/pages/approvals/approval-pages.ts'
import { APPROVAL, DIGEST, aRequest, anApproval } from '../../support/console-approvals.ts'
import { aSummary } from '../../support/console-fixtures.ts'
import { consolePages } from '../../support/console-page.ts'

const VIEW = `GET /v1/approvals/${APPROVAL}`
const VOTES = `POST /v1/approvals/${APPROVAL}/votes`
const done = { id: APPROVAL, state: 'active', digest: DIGEST, settled: true }
const approver = { roles: ['approver'] } as const

function deciding(answers: object = {}, changes: Partial<ApprovalView> = {}) {
  return consolePages(approvalPages, { [VIEW]: anApproval(changes), ...answers }, approver)
}

describe('the inbox', () => {
  const requests = [
    aRequest({ id: 'late', expiresAt: '2026-11-20T12:00:00.000Z' }),
    aRequest({ id: 'own', state: 'active', youMay: ['cancel'] }),
    aRequest({ id: 'soon', expiresAt: '2026-11-20T09:30:00.000Z' }),
  ]
  const inbox = (roles: readonly ('approver' | 'auditor')[] = ['approver']) =>
    consolePages(
      approvalPages,
      {
        'GET /v1/approvals': { approvals: requests },
        'GET /v1/calls': {
          calls: [
            aSummary({ call: 'open', approval: 'approval-awaited' }),
            aSummary({ call: 'over', approval: 'denied', grant: 'settled-one' }),
          ],
          facets: [],
          counted: { calls: 2, isAll: true },
        },
      },
      { roles },
    )

  test('has what waits for the reader first, and what expires soonest on top', async () => {
    const { html } = await inbox().page('/approvals')
    const order = [...html.matchAll(/<tr data-href="\/console\/approvals\/([^"]+)"/g)]
    expect(order.map(([, id]) => id)).toEqual(['soon', 'late', 'own'])
    expect(html).toContain('2 requests wait for your decision.')
    for (const words of ['USD 0.01', 'data-left="2026-11-20T09:30:00.000Z"'])
      expect(html).toContain(words)
  })

  test('shows what was settled to whoever may search, and does not ask for anybody else', async () => {
    const auditor = inbox(['approver', 'auditor'])
    const { html } = await auditor.page('/approvals')
    expect(html).toContain('/console/approvals/settled-one')
    expect(html).not.toContain('/console/calls/open')
    const other = inbox()
    expect((await other.page('/approvals')).html).not.toContain('Settled lately')
    expect(other.asked.map(({ path }) => path)).toEqual(['/v1/approvals'])
  })

  test('that is empty says so', async () => {
    const { page } = consolePages(
      approvalPages,
      { 'GET /v1/approvals': { approvals: [] } },
      approver,
    )
    expect((await page('/approvals')).html).toContain('Nothing waits for you.')
  })
})

describe('a request', () => {
  test('shows all that is to be known before somebody decides', async () => {
    const { html } = await deciding().page(`/approvals/${APPROVAL}`)
    for (const words of [
      'ana@acme.example',
      'mcp-agent',
      'execute_sql',
      'ticket AUD-311',
      'USD 0.01',
      '46 MiB',
      '2 of privacy-office; at least 2 different people',
      'known study',
      '1.0 GiB',
    ])
      expect(html).toContain(words)
    expect(html.replaceAll(/<[^>]*>/g, '')).toContain('acme.hospital.patients.ssn')
  })

  test.each([
    [['vote'], ['approve', 'deny']],
    [['revoke'], ['revoke']],
    [['review'], ['review']],
    [['cancel'], ['cancel']],
    [
      ['vote', 'revoke'],
      ['approve', 'deny', 'revoke'],
    ],
    [[], []],
  ] as const)('whose reader may %j offers %j, and nothing else', async (youMay, acts) => {
    const { html } = await deciding({}, { youMay: [...youMay] }).page(`/approvals/${APPROVAL}`)
    expect([...html.matchAll(/name="act" value="([a-z]+)"/g)].map(([, act]) => act)).toEqual(acts)
    const forms = [...html.matchAll(/<form[^>]*action="\/console\/approvals.*?<\/form>/gs)]
    expect(forms).toHaveLength(acts.length)
    for (const [form] of forms) expect(form).toContain('name="csrf" value="csrf-of-petra"')
  })

  test('warns of what cannot be seen, of names that look like others, of changes and a broken glass', async () => {
    const { html } = await deciding(
      {},
      {
        sql: 'SELECT `pаtients` FROM t WHERE x = "\u202Eabc"',
        targets: ['acme.hospital.claims'],
        brokeGlass: true,
      },
    ).page(`/approvals/${APPROVAL}`)
    for (const words of ['there is one', 'p\\u0430tients', 'It changes data', 'broke the glass'])
      expect(html).toContain(words)
    expect(html).not.toContain('\u202E')
  })

  test('lays SQL out only where that changes nothing but spaces', async () => {
    const laidOut = await deciding({}, { sql: 'SELECT a FROM t' }).page(`/approvals/${APPROVAL}`)
    expect(laidOut.html.replaceAll(/<[^>]*>/g, '')).toContain('SELECT\n  a\nFROM\n  t')
    const odd = 'SELECT "unclosed FROM t'
    const raw = await deciding({}, { sql: odd }).page(`/approvals/${APPROVAL}`)
    expect(raw.html.replaceAll(/<[^>]*>/g, '')).toContain('SELECT &quot;unclosed FROM t')
  })

  test('offers more than the query only where every term allows it, and no more than all of them do', async () => {
    const { html } = await deciding().page(`/approvals/${APPROVAL}`)
    expect(html).toContain('<option value="3600s">1 h</option>')
    expect(html).toContain('<option value="10737418240">10 GiB</option>')
    expect(html).not.toContain('14400s')
    const [terms] = anApproval().terms
    if (terms === undefined) throw new Error('no terms')
    const strict = { terms: [terms, { ...terms, timeBox: undefined }] }
    const without = await deciding({}, strict).page(`/approvals/${APPROVAL}`)
    expect(without.html).not.toContain('name="scope"')
  })

  test('that there is not is a page that says so', async () => {
    const { page } = consolePages(approvalPages, {}, approver)
    const { status, html } = await page('/approvals/none')
    expect(status).toBe(404)
    expect(html).toContain('There is no such request, or it is not yours to see.')
  })
})

describe('a decision', () => {
  const vote = { csrf: 'csrf-of-petra', act: 'approve', digest: DIGEST, reason: 'seen' }

  test('to approve carries the digest that was shown, and nothing of the form besides', async () => {
    const { page, asked } = deciding({ [VOTES]: done })
    const { status, location } = await page(`/approvals/${APPROVAL}`, { ...vote, extra: 'x' })
    expect(asked).toEqual([
      {
        method: 'POST',
        path: `/v1/approvals/${APPROVAL}/votes`,
        body: { verdict: 'approve', reason: 'seen', digest: DIGEST },
      },
    ])
    expect([status, location]).toEqual([303, `/console/approvals/${APPROVAL}?did=approve`])
  })

  test('the form of the page sends the digest of the page', async () => {
    const shown = await deciding({}, { digest: 'ab'.repeat(32) }).page(`/approvals/${APPROVAL}`)
    const digests = [...shown.html.matchAll(/name="digest" value="([0-9a-f]+)"/g)]
    expect(digests.map(([, digest]) => digest)).toEqual(['ab'.repeat(32), 'ab'.repeat(32)])
  })

  test('to approve more has a box only when it was chosen', async () => {
    const { page, asked } = deciding({ [VOTES]: done })
    const box = { duration: '900s', maximumBytes: '1073741824' }
    await page(`/approvals/${APPROVAL}`, { ...vote, ...box, scope: 'query' })
    await page(`/approvals/${APPROVAL}`, { ...vote, ...box, scope: 'box' })
    expect(asked.map(({ body }) => body && 'box' in body && body.box)).toEqual([
      false,
      { duration: '900s', maximumBytes: 1_073_741_824 },
    ])
  })

  test.each(['deny', 'revoke', 'review'])(
    'to %s without words does nothing but say so',
    async (act) => {
      const { page, asked } = deciding()
      const { status, html } = await page(`/approvals/${APPROVAL}`, { ...vote, act, reason: ' ' })
      expect(status).toBe(400)
      expect(html).toContain('role="alert"')
      expect(asked.filter(({ method }) => method === 'POST')).toEqual([])
    },
  )

  test.each([
    ['deny', 'votes', { verdict: 'deny', reason: 'no', digest: DIGEST }],
    ['revoke', 'revocation', { reason: 'no' }],
    ['review', 'review', { finding: 'no' }],
    ['cancel', 'cancellation', {}],
  ])('to %s asks for just that', async (act, path, body) => {
    const { page, asked } = deciding({ [`POST /v1/approvals/${APPROVAL}/${path}`]: done })
    const { status } = await page(`/approvals/${APPROVAL}`, { act, reason: 'no', digest: DIGEST })
    expect(status).toBe(303)
    expect(asked).toEqual([{ method: 'POST', path: `/v1/approvals/${APPROVAL}/${path}`, body }])
  })

  test('that is not understood does nothing', async () => {
    const { page, asked } = deciding()
    for (const form of [{}, { act: 'burn' }, { ...vote, digest: 'x' }])
      // oxlint-disable-next-line no-await-in-loop
      expect((await page(`/approvals/${APPROVAL}`, form)).status).toBe(400)
    expect(asked.filter(({ method }) => method === 'POST')).toEqual([])
  })

  test.each([
    [409, 'your vote is about another request'],
    [403, 'Access Denied: nobody approves what they ask for themselves'],
    [503, 'Sluice cannot pass your vote on right now; vote again'],
  ])('that does not count (%i) says why, and keeps what was written', async (status, message) => {
    const { page } = deciding({ [VOTES]: { problem: { status, message } } })
    const form = { ...vote, act: 'deny', reason: 'because <b>' }
    const refused = await page(`/approvals/${APPROVAL}`, form)
    expect(refused.status).toBe(status)
    expect(refused.html).toContain(`It did not count: ${message}.`)
    expect(refused.html).toContain('because &lt;b&gt;</textarea>')
  })

  test('that may be on its way does not say that it counts', async () => {
    const { page } = deciding({ [VOTES]: { ...done, settled: false } })
    const { location } = await page(`/approvals/${APPROVAL}`, vote)
    expect(location).toContain('did=on-its-way')
    const { html } = await page(`/approvals/${APPROVAL}?did=on-its-way`)
    expect(html).toContain('may be on its way')
  })

  test('is confirmed only where the request bears it out: a link proves nothing', async () => {
    const { page } = deciding()
    for (const did of ['approve', 'deny', 'revoke', 'review', 'cancel', 'toString'])
      // oxlint-disable-next-line no-await-in-loop
      expect((await page(`/approvals/${APPROVAL}?did=${did}`)).html).not.toContain('role="status"')
    const by = { issuer: 'i', subject: 'petra', email: 'petra@acme.example', channel: 'api' }
    const voted = deciding({}, { votes: [{ by, verdict: 'approve', reason: '' }] })
    const { html } = await voted.page(`/approvals/${APPROVAL}?did=approve`)
    expect(html).toContain('Your yes counts, and is on the record.')
  })
})
