import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { Decision } from '../../policy/decision.ts'
import type { Delivery } from '../../recording/entry.ts'
import { rowsDigest } from '../../recording/private-part.ts'
import type { Compared } from '../../recording/upkeep-entry.ts'
import type { RecordedDelivery } from './recorded-call.ts'

/** A page that the replay would have handed over. */
export interface PageNow {
  readonly delivery: Delivery
  /** The bytes of its rows; undefined for none. */
  readonly rows: Uint8Array | undefined
}

/** What of a call is compared besides its decision. */
export interface ComparedResults {
  readonly schema: Compared
  readonly rows: Compared
  readonly digest: Compared
}

/** Nothing was run, or there is nothing to compare with. */
export const NOTHING_COMPARED: ComparedResults = {
  schema: 'not-known',
  rows: 'not-known',
  digest: 'not-known',
}

/**
 * The deliveries that are pages of a result, or say what a statement did; where there are none, those that say why it
 * failed. None for a job that was not seen to end.
 */
export function resultsOf<T extends { readonly delivery: Delivery }>(
  deliveries: readonly T[],
): readonly T[] {
  const results = deliveries.filter(
    ({ delivery: { schema, numDmlAffectedRows, rows } }) =>
      schema !== undefined || numDmlAffectedRows !== undefined || rows > 0,
  )
  return results.length > 0 ? results : deliveries.filter(({ delivery }) => hasFailed(delivery))
}

/** One failed and the other did not, or for another reason. */
const DIFFERENT: ComparedResults = { ...NOTHING_COMPARED, rows: 'different' }

/** Page by page: each digest anew, under the salt of then, over the rows of now. */
export function compareResults(
  then: readonly RecordedDelivery[],
  now: readonly PageNow[],
): ComparedResults {
  const [first] = then
  const [firstNow] = now
  if (first === undefined || firstNow === undefined) return NOTHING_COMPARED
  if (hasFailed(first.delivery) || hasFailed(firstNow.delivery)) {
    const same = first.delivery.errorReason === firstNow.delivery.errorReason
    return same ? { schema: 'same', rows: 'same', digest: digestOf(first, firstNow) } : DIFFERENT
  }
  return {
    schema: compared(schemaOf(first.delivery), schemaOf(firstNow.delivery)),
    rows: allOf([
      compared(first.delivery.totalRows ?? '0', firstNow.delivery.totalRows ?? '0'),
      compared(
        first.delivery.numDmlAffectedRows ?? '0',
        firstNow.delivery.numDmlAffectedRows ?? '0',
      ),
      ...then.map(({ delivery }, index) =>
        compared(String(delivery.rows), String(now[index]?.delivery.rows ?? 0)),
      ),
    ]),
    digest: allOf(then.map((page, index) => digestOf(page, now[index]))),
  }
}

/** Whether policy says the same of a call as it did: effect, rules and masks. Of another policy, too. */
export function compareDecisions(then: Decision | undefined, now: Decision | undefined): Compared {
  if (then === undefined || now === undefined) return 'not-known'
  return compared(said(then), said(now))
}

function said(decision: Decision): string {
  const { effect, rules } = decision
  const masks = decision.effect === 'deny' ? [] : decision.obligations.masks
  return canonicalJson(JSON.parse(JSON.stringify({ effect, rules, masks })))
}

function digestOf({ delivery, salt }: RecordedDelivery, now: PageNow | undefined): Compared {
  if (delivery.rowsDigest === undefined || salt === undefined) return 'not-known'
  return compared(delivery.rowsDigest, rowsDigest(salt, now?.rows ?? new Uint8Array()))
}

const hasFailed = ({ errorReason }: Delivery): boolean => errorReason !== undefined

/** Spaces are no part of it. */
function schemaOf({ schema }: Delivery): string {
  return schema === undefined ? '' : JSON.stringify(JSON.parse(schema))
}

function compared(then: string, now: string): Compared {
  return then === now ? 'same' : 'different'
}

/** One that differs is a difference; one that is not known leaves it open. */
function allOf(parts: readonly Compared[]): Compared {
  if (parts.includes('different')) return 'different'
  return parts.includes('not-known') ? 'not-known' : 'same'
}
