import type { FieldMask } from '../bigquery/field-mask.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import type { Masking } from '../masking/mask-cells.ts'
import { maskRows } from '../masking/mask-reply.ts'
import { type ScannedReply, scanReply } from '../masking/reply-scanner.ts'
import type { ReleaseTerms } from '../recording/release-terms.ts'
import type { UpstreamReply } from '../upstream/upstream.ts'
import type { Masked } from './action.ts'
import { isComplete, rowsDelivered } from './delivery-facts.ts'
import { governedRows } from './governed-reply.ts'
import { type RowWindow, withinWindow } from './row-window.ts'

/**
 * A reply with rows as its terms let it leave: within the rows that may, masked, and silent about what
 * masked data would tell otherwise. It ends its call unless its job goes on.
 */
export async function releaseRows(
  reply: UpstreamReply,
  options: {
    readonly terms: ReleaseTerms
    readonly window: Pick<RowWindow, 'begin' | 'maximumRows'>
    readonly fields: FieldMask | 'all'
    readonly kind: string
    /** BigQuery's `timestampOutputFormat` of the request. */
    readonly timestampOutputFormat: string | undefined
    readonly masking: Masking
    /** What is to be said beside the rows, as BigQuery says its warnings. */
    readonly warning?: string | undefined
  },
): Promise<Result<Masked, 'unexpected-shape'>> {
  const { terms, fields, kind } = options
  const scanned = scanReply(reply.body)
  if (!scanned.ok) return scanned
  const complete = isComplete(scanned.value)
  if (!complete && scanned.value.rows > 0) return err('unexpected-shape')
  const page = withinWindow(scanned.value, options.window)
  if (!page.ok) return page
  const { masks, outputs } = terms
  const told = terms.governed ? governedRows(page.value) : page.value
  const masked = await maskRows(warned(told, options.warning), {
    fields,
    kind,
    terms: { masks, outputs, timestampOutputFormat: options.timestampOutputFormat },
    masking: options.masking,
  })
  if (!masked.ok) return masked
  return ok({
    reply: masked.value,
    delivery: rowsDelivered(page.value, masked.value, fields),
    ends: complete ? 'call' : 'pending',
    failed: false,
    masks: terms.masks,
    governedRows: terms.governed ? page.value.members.get('rows') : undefined,
  })
}

function warned(reply: ScannedReply, warning: string | undefined): ScannedReply {
  if (warning === undefined) return reply
  const errors = JSON.stringify([{ reason: 'approvalRequired', message: warning }])
  return { ...reply, members: new Map([...reply.members, ['errors', Buffer.from(errors)]]) }
}
