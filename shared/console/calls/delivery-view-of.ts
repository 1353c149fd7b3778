import type { KeptEntry } from '../../recording/entry-store.ts'
import type { Delivery } from '../../recording/entry.ts'
import type { CallView } from '../views/call-view.ts'
import type { OpenedDelivered } from './opened-of.ts'
import { timeOf } from './person-of.ts'
import { recordedColumns, recordedRows } from './recorded-rows.ts'

type DeliveryView = CallView['deliveries'][number]

/** What one delivery handed over. `opened` is undefined for who may not read private facts. */
export function deliveryViewOf(
  { entry }: KeptEntry,
  delivery: Delivery,
  opened: OpenedDelivered | undefined,
): DeliveryView {
  const { status, rows, totalRows, bytes, digest, cacheHit, errorReason, schema, body } = delivery
  const facts = opened?.state === 'opened' ? opened.facts : undefined
  const shown = facts?.body === undefined ? undefined : recordedRows(facts.body)
  return {
    entry: entry.id,
    at: timeOf(entry.at),
    method: 'method' in entry ? entry.method : undefined,
    status,
    rows,
    totalRows,
    bytes,
    digest,
    rowsDigest: delivery.rowsDigest,
    cacheHit,
    errorReason,
    error: facts?.error,
    schema: schema === undefined ? undefined : recordedColumns(schema),
    body,
    shown,
    shownState: shown === undefined ? whyNot(body, opened) : 'shown',
  }
}

function whyNot(body: Delivery['body'], opened: OpenedDelivered | undefined) {
  if (body !== 'masked') return 'not-kept'
  if (opened === undefined) return 'not-for-you'
  return opened.state === 'erased' ? 'erased' : 'not-kept'
}
