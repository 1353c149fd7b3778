import { expect } from 'vitest'
import { z } from 'zod'

import type { Entry } from '../../../shared/recording/entry.ts'

/** An entry, with the SQL it keeps in private. */
export type HeardEntry = Entry & { readonly sql?: string | undefined }

export function heard(entry: Entry, facts = '{}'): HeardEntry {
  return { ...z.object({ sql: z.string().optional() }).parse(JSON.parse(facts)), ...entry }
}

/** What the record says of one call, put together from its entries. */
export interface RecordedCall {
  readonly method: string
  readonly subject: string | undefined
  /** `session.claimed`. */
  readonly userAgent: string | undefined
  readonly apiClient: string | undefined
  readonly tool: string | undefined
  /** White space folded. */
  readonly sql: string | undefined
  readonly tables: readonly string[]
  readonly targets: readonly string[]
  readonly dryRun: boolean
  /** The outcome, `refused: <problem>` when it never was a request, `open` while it has not ended. */
  readonly end: string
  /** Rows in the reply that ended it and in all pages after that. */
  readonly rows: number
}

/** Every call in these entries, in order of their first entry. */
export function recordedCalls(entries: readonly HeardEntry[]): readonly RecordedCall[] {
  return [...Map.groupBy(entries, ({ call }) => call).values()].flatMap((all) => {
    const asked = all.find((entry) => entry.type === 'request' || entry.type === 'refusal')
    if (asked === undefined) return []
    const outcome = all.find((entry) => entry.type === 'outcome')
    const pages = all.filter((entry) => entry.type === 'page')
    const deliveries = [outcome?.delivery, ...pages.map(({ delivery }) => delivery)]
    const { method, tables, targets, dryRun, principal, session } = asked
    return [
      {
        method,
        subject: principal?.subject,
        userAgent: session?.claimed.userAgent,
        apiClient: session?.claimed.apiClient,
        tool: session?.claimed.tool,
        sql: asked.sql?.replaceAll(/\s+/g, ' '),
        tables,
        targets,
        dryRun,
        end: asked.type === 'refusal' ? `refused: ${asked.problem}` : (outcome?.outcome ?? 'open'),
        rows: deliveries.reduce((sum, delivery) => sum + (delivery?.rows ?? 0), 0),
      },
    ]
  })
}

/** Whatever a client did, the record must say to the end, of whom it was and through what. */
export function expectRecorded(
  calls: readonly RecordedCall[],
  by: { readonly subjects: readonly string[]; readonly userAgent: RegExp },
): void {
  expect(calls).not.toEqual([])
  for (const call of calls) {
    expect(call.end, `${call.method} ${call.sql}`).not.toBe('open')
    expect(by.subjects).toContain(call.subject)
    expect(call.userAgent).toMatch(by.userAgent)
  }
}
