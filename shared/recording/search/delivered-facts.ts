import type { Delivery, Entry, OutcomeEntry } from '../entry.ts'
import type { RecordedJob } from '../envelope.ts'

/** How a call went, as far as it has come. */
interface DeliveredFacts {
  readonly outcome: OutcomeEntry['outcome'] | undefined
  readonly endedAt: number | undefined
  readonly durationMs: number | undefined
  readonly job: RecordedJob | undefined
  readonly statementType: string | undefined
  /** Over all pages. */
  readonly rows: number
  readonly bytesProcessed: number | undefined
  readonly bytesBilled: number | undefined
}

/** How a call went, by its outcome and its pages. */
export function deliveredFacts(entries: readonly Entry[]): DeliveredFacts {
  const outcome = entries.find((entry) => entry.type === 'outcome')
  const pages = entries
    .filter((entry) => entry.type === 'page')
    .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  const deliveries = [outcome, ...pages].flatMap((entry) => entry?.delivery ?? [])
  return {
    outcome: outcome?.outcome,
    endedAt: outcome?.at,
    durationMs: outcome?.durationMs,
    job: deliveries.find(({ job }) => job !== undefined)?.job,
    statementType: deliveries.find(({ statementType }) => statementType !== undefined)
      ?.statementType,
    rows: deliveries.reduce((sum, { rows }) => sum + rows, 0),
    bytesProcessed: most(deliveries, ({ totalBytesProcessed }) => totalBytesProcessed),
    bytesBilled: most(deliveries, ({ totalBytesBilled }) => totalBytesBilled),
  }
}

/** Every delivery may say it again. */
function most(
  deliveries: readonly Delivery[],
  said: (delivery: Delivery) => string | undefined,
): number | undefined {
  const numbers = deliveries.flatMap((delivery) => {
    const number = Number(said(delivery) ?? Number.NaN)
    return Number.isFinite(number) && number >= 0 ? [Math.min(number, Number.MAX_SAFE_INTEGER)] : []
  })
  return numbers.length === 0 ? undefined : Math.max(...numbers)
}
