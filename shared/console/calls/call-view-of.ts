import { z } from '@hono/zod-openapi'

import type { Decision } from '../../policy/decision.ts'
import { ruleTexts } from '../../policy/rule-texts.ts'
import type { KeptEntry } from '../../recording/entry-store.ts'
import type { RecordSecrets } from '../../recording/private-facts.ts'
import type { CallDocument } from '../../recording/search/search-document.ts'
import type { LogPorts } from '../log/readable-log.ts'
import type { CallView } from '../views/call-view.ts'
import { approvalEvents } from './approval-events.ts'
import type { CallEntries } from './call-entries.ts'
import { deliveryViewOf } from './delivery-view-of.ts'
import { formattedSql } from './formatted-sql.ts'
import { jobUrl } from './job-url.ts'
import { lineageOf } from './lineage-of.ts'
import { openedAsked, openedDelivered } from './opened-of.ts'
import { policyTextOf } from './policy-text-of.ts'
import { summaryOf } from './summary-of.ts'
import { entryVerifier } from './verify-entry.ts'
import { viewOfEntry } from './view-of-entry.ts'

/** Where a call is read. */
export interface CallViewPorts extends LogPorts {
  readonly secrets: Pick<RecordSecrets, 'find'>
}

const members = z.record(z.string(), z.unknown())

/** All of a call, with private facts for who may read them. Rejects when store, secrets or log cannot be read. */
export async function callViewOf(
  ports: CallViewPorts,
  { first, all }: CallEntries,
  document: CallDocument,
  {
    withPrivate,
    replays,
  }: {
    readonly withPrivate: boolean
    readonly replays: CallView['replays']
  },
): Promise<CallView> {
  const { decision } = first.entry
  const verify = await entryVerifier(ports)
  const entries: CallView['entries'] = []
  // oxlint-disable-next-line no-await-in-loop -- one after the other: they share what is read of the log
  for (const kept of all) entries.push(await viewOfEntry(kept, verify))
  return {
    summary: summaryOf(document),
    private: withPrivate ? await privateOf(ports, first) : { state: 'not-for-you' },
    lineage: lineageOf(decision),
    decision: decision && members.parse(decision),
    matchedRules: await matchedRules(ports, decision),
    policyDigest: decision?.policyDigest,
    approvals: approvalEvents(all.map(({ entry }) => entry)),
    deliveries: await deliveriesOf(ports, all, withPrivate),
    entries,
    receipts: entries
      .filter(({ verification }) => verification.state === 'sealed')
      .map(({ id }) => ({ entry: id, proofUrl: `/log/proof/${id}` })),
    jobUrl: document.job && jobUrl(document.job),
    replays,
  }
}

async function privateOf(
  { secrets }: CallViewPorts,
  first: KeptEntry,
): Promise<CallView['private']> {
  const opened = await openedAsked(secrets, first)
  if (opened.state !== 'opened') return { state: opened.state }
  const { sql, parameters, justification, detail } = opened.facts
  const laidOut = sql === undefined ? undefined : formattedSql(sql)
  return { state: 'shown', sql, formattedSql: laidOut, parameters, justification, detail }
}

async function matchedRules(
  { entries }: CallViewPorts,
  decision: Decision | undefined,
): Promise<CallView['matchedRules']> {
  if (decision === undefined) return []
  const text = await policyTextOf(entries, decision.policyDigest)
  const texts = text === undefined ? undefined : ruleTexts(text)
  return decision.rules.map((id) => ({ id, text: texts?.get(id) }))
}

async function deliveriesOf(
  { secrets }: CallViewPorts,
  all: readonly KeptEntry[],
  withPrivate: boolean,
): Promise<CallView['deliveries']> {
  const deliveries = await Promise.all(
    all.map(async (kept) => {
      const { entry } = kept
      if (entry.type !== 'page' && entry.type !== 'outcome') return []
      if (entry.delivery === undefined) return []
      const opened = withPrivate ? await openedDelivered(secrets, kept) : undefined
      return [deliveryViewOf(kept, entry.delivery, opened)]
    }),
  )
  return deliveries.flat()
}
