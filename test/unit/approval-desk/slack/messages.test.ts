import { join } from 'node:path'

import { expect, test } from 'vitest'

import { approvalMessage } from '../../../../shared/approval-desk/slack/block-kit.ts'
import { breakGlassMessage } from '../../../../shared/approval-desk/slack/break-glass-message.ts'
import { denyView } from '../../../../shared/approval-desk/slack/deny-view.ts'
import { settledMessage } from '../../../../shared/approval-desk/slack/settled-message.ts'
import type { Grant } from '../../../../shared/approval/grant.ts'
import type { SlackMessage } from '../../../../shared/approval/slack-web.ts'
import { blockProblems, viewProblems } from '../../../support/block-kit-limits.ts'
import { ASKED_AT, DIGEST, GRANT, pia, piasVote, slackGrant } from '../../../support/slack-grant.ts'

const consoleUrl = 'https://sluice.acme.example/console'
const at = ASKED_AT + 300_000
const ask = (grant: Grant, url: string | undefined = consoleUrl) =>
  approvalMessage({ grant, news: 'asked', consoleUrl: url })
const settled = (...events: Grant['events']) =>
  settledMessage({ grant: slackGrant({}, ...events), consoleUrl })

const yes = { type: 'voted', at, vote: piasVote('approve') } as const
const approved = { type: 'approved', at: at + 1000, until: at + 900_000, box: undefined } as const
const by = pia

const longSql = `SELECT ${Array.from({ length: 900 }, (_, i) => `c.column_${i}`).join(', ')} FROM \`acme\`.\`hospital\`.\`claims\` AS c`

/** What somebody writes who wants approvers to read something else. */
const hostile = slackGrant({
  sql: "SELECT '```\n*Until:* never <!channel> <https://evil.example|the console> & :tada:', '\u202E\u2066 gnihton\u2069', 'a\u200Bb\u00ADc', 'שלום' FROM `acme`.`hospital`.`p\u0430tients`",
  told: {
    tables: ['acme.hospital.p\u0430tients', 'acme.hospital.\u202Estneitap'],
    justification: 'Routine\nCost: nothing\n*Approved by the CISO* <@U0PIA> ```',
    statementType: 'SELECT',
  },
  session: { server: 'sluice\n*Needed:* nobody', tool: '<!here>' },
  principal: { email: undefined, subject: 'ana\u202E@acme', clientId: '`x`' },
})

const messages: Readonly<Record<string, SlackMessage>> = {
  asked: ask(slackGrant()),
  'asked-without-console': approvalMessage({
    grant: slackGrant({ told: { estimatedBytes: undefined, justification: undefined } }),
    news: 'asked',
    consoleUrl: undefined,
  }),
  'asked-with-one-of-two-votes': ask(slackGrant({}, yes)),
  'long-sql': ask(slackGrant({ sql: longSql })),
  hostile: ask(hostile),
  reminder: approvalMessage({ grant: slackGrant(), news: 'reminder', consoleUrl }),
  escalation: approvalMessage({
    grant: slackGrant({}, { type: 'escalated', at }),
    news: 'escalation',
    consoleUrl,
  }),
  'broken-glass': breakGlassMessage({
    grant: slackGrant({}, { type: 'broke-glass', at, justification: 'patient in danger' }),
    consoleUrl,
  }),
  approved: settled(yes, approved, { type: 'starting', at }, { type: 'started', at: at + 2000 }),
  denied: settled(
    { type: 'voted', at, vote: piasVote('deny', 'use the monthly view') },
    { type: 'denied', at, by, reason: 'use the monthly view' },
  ),
  expired: settled({ type: 'expired', at: ASKED_AT + 3_600_000 }),
  cancelled: settled({ type: 'cancelled', at }),
  revoked: settled(yes, approved, { type: 'revoked', at: at + 2000, by, reason: 'wrong table' }),
  'not-started': settled(yes, approved, {
    type: 'not-started',
    at: at + 2000,
    reason: 'a view it reads was changed after it was approved',
  }),
  reviewed: settled(
    { type: 'broke-glass', at, justification: 'patient in danger' },
    { type: 'reviewed', at: at + 9000, by, finding: 'justified' },
  ),
}

test.each(Object.entries(messages))('%s is as it was reviewed', async (name, message) => {
  await expect(`${JSON.stringify(message, undefined, 2)}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, 'messages', `${name}.json`),
  )
})

test.each(Object.entries(messages))('%s keeps to what Slack takes', (_name, { text, blocks }) => {
  expect(blockProblems(blocks)).toEqual([])
  expect(text.length).toBeLessThan(4000)
})

test('the form for a reason keeps to what Slack takes', () => {
  expect(viewProblems(denyView({ grant: GRANT, digest: DIGEST }))).toEqual([])
})

test('whatever is asked, the message keeps to what Slack takes', () => {
  const name = `acme.hospital.${'\u{E0041}'.repeat(300)}`
  const names = Array.from({ length: 500 }, (_, i) => `${name}${i}`)
  const grant = slackGrant({
    sql: '\u{E0041}'.repeat(50_000),
    told: {
      statementType: 'S'.repeat(500),
      tables: names,
      targets: names,
      governedColumns: names,
      justification: '\u202E'.repeat(10_000),
    },
    session: { server: '&'.repeat(5000), tool: '<'.repeat(5000) },
    principal: { email: '>'.repeat(5000), subject: 's'.repeat(5000), clientId: 'c'.repeat(5000) },
  })
  const vote = { ...piasVote('approve'), by: { ...pia, email: '&'.repeat(3000) } }
  const events = Array.from({ length: 100 }, (_, i) => ({
    type: 'voted' as const,
    at,
    vote: { ...vote, by: { ...vote.by, subject: String(i) }, reason: 'r'.repeat(5000) },
  }))
  const busy = { ...grant, events: [...grant.events, ...events] }
  const view = { grant: busy, consoleUrl }
  for (const { blocks, text } of [ask(busy), settledMessage(view), breakGlassMessage(view)]) {
    expect(blockProblems(blocks)).toEqual([])
    expect(text.length).toBeLessThan(4000)
  }
})

test('when the SQL is cut, it says so at the top, at the end, and before the last yes', () => {
  const { blocks } = ask(slackGrant({ sql: longSql }))
  const notice = `The SQL is cut: 2,800 of ${longSql.length.toLocaleString('en-US')} characters shown.`
  const saying = blocks.map((block) => JSON.stringify(block).includes(notice))
  expect(saying.slice(0, 2)).toEqual([false, true])
  expect(saying.slice(-3)).toEqual([true, true, false])
})

test('what was denied or decided has no buttons, and its SQL is gone from the channel', () => {
  for (const name of ['approved', 'denied', 'expired', 'cancelled', 'revoked', 'not-started']) {
    const shown = JSON.stringify(messages[name])
    expect(shown, name).not.toContain('"button"')
    expect(shown, name).not.toContain('GROUP BY')
  }
})
