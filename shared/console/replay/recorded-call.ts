import { z } from '@hono/zod-openapi'

import { type QueryParameter, queryParameter } from '../../bigquery/query-parameter.ts'
import type { KeptEntry } from '../../recording/entry-store.ts'
import type { Delivery, RefusalEntry, RequestEntry } from '../../recording/entry.ts'
import { openedFacts } from '../../recording/export/opened-facts.ts'
import type { Recorder } from '../../recording/recorder.ts'
import { decodeBase64 } from '../../tlog/base64.ts'
import { callEntries } from '../calls/call-entries.ts'

/** What the record knows of a call that is to be run again. */
export interface RecordedCall {
  readonly asked: RequestEntry | RefusalEntry
  /** Undefined where its secret is erased, or nothing was asked in SQL. */
  readonly sql: string | undefined
  readonly parameters: readonly QueryParameter[]
  readonly justification: string | undefined
  /** What was handed over, oldest first. */
  readonly deliveries: readonly RecordedDelivery[]
  readonly outcome: string | undefined
}

export interface RecordedDelivery {
  readonly delivery: Delivery
  /** What its digests are salted with; undefined where the secret is erased. */
  readonly salt: Uint8Array | undefined
}

const askedFacts = z.object({
  sql: z.string().optional(),
  parameters: z.array(queryParameter).optional(),
  justification: z.string().optional(),
})
const deliveredFacts = z.object({ bodySalt: z.string().optional() })

/** A call by its id; undefined for none. Rejects when store or secrets cannot be read. */
export async function recordedCall(
  recorder: Pick<Recorder, 'entries' | 'secrets'>,
  call: string,
): Promise<RecordedCall | undefined> {
  const found = await callEntries(recorder.entries, call)
  if (found === undefined) return undefined
  const asked = askedFacts.safeParse(await factsOf(recorder, found.first))
  const deliveries: RecordedDelivery[] = []
  let outcome: string | undefined
  for (const kept of found.all) {
    const { entry } = kept
    if (entry.type !== 'outcome' && entry.type !== 'page') continue
    if (entry.type === 'outcome') outcome = entry.outcome
    if (entry.delivery === undefined) continue
    // oxlint-disable-next-line no-await-in-loop -- a few pages, under one secret
    const facts = deliveredFacts.parse((await factsOf(recorder, kept)) ?? {})
    const salt = facts.bodySalt === undefined ? undefined : decodeBase64(facts.bodySalt)
    deliveries.push({ delivery: entry.delivery, salt })
  }
  const { sql, parameters = [], justification } = asked.success ? asked.data : {}
  return { asked: found.first.entry, sql, parameters, justification, deliveries, outcome }
}

async function factsOf(
  { secrets }: Pick<Recorder, 'secrets'>,
  { entry, bytes, ciphertext }: KeptEntry,
): Promise<unknown> {
  const opened = await openedFacts(secrets, { id: entry.id, bytes, ciphertext })
  return opened && JSON.parse(opened.facts)
}
