import type { Json } from '../bigquery/call.ts'
import type { ErrorBody } from '../bigquery/error.ts'
import { type FieldMask, applyFieldMask, selected } from '../bigquery/field-mask.ts'
import { parseJson } from '../bigquery/json.ts'
import { mint } from '../kernel/brand.ts'
import { type Result, ok } from '../kernel/result.ts'
import { type Masking, type RowTerms, maskCells } from './mask-cells.ts'
import type { MaskedReply } from './masked-reply.ts'
import type { ScannedReply } from './reply-scanner.ts'

/** The members of replies with rows that Sluice passes on. Any other stays behind. */
const ROW_REPLY_MEMBERS = [
  'kind',
  'etag',
  'schema',
  'jobReference',
  'jobCreationReason',
  'queryId',
  'location',
  'totalRows',
  'pageToken',
  'rows',
  'totalBytesProcessed',
  'totalBytesBilled',
  'totalSlotMs',
  'jobComplete',
  'errors',
  'cacheHit',
  'numDmlAffectedRows',
  'dmlStats',
  'statementType',
  'creationTime',
  'startTime',
  'endTime',
] as const

/**
 * A reply with rows, rebuilt from the bytes of the members Sluice knows, masked under `terms` and reduced to
 * `fields`. Rows are copied but for masked cells, unless `fields` reaches inside them. `kind` replaces the
 * reply's own, for a page that was fetched by one method and is delivered by another.
 *
 * Returns an error when the rows are not of the columns that the terms are about: nothing may leave then.
 */
export async function maskRows(
  reply: ScannedReply,
  options: {
    readonly fields: FieldMask | 'all'
    readonly kind: string
    readonly terms: RowTerms
    readonly masking: Masking
  },
): Promise<Result<MaskedReply, 'unexpected-shape'>> {
  const masked = await maskCells(reply, options.terms, options.masking)
  return masked.ok ? ok(rebuilt(masked.value, options)) : masked
}

function rebuilt(
  reply: ScannedReply,
  options: { readonly fields: FieldMask | 'all'; readonly kind: string },
): MaskedReply {
  const { fields } = options
  const parts: Buffer[] = []
  let rows: Buffer | undefined
  for (const name of ROW_REPLY_MEMBERS) {
    const value =
      name === 'kind' ? Buffer.from(JSON.stringify(options.kind)) : reply.members.get(name)
    const part = fields === 'all' ? 'all' : selected(fields, name)
    if (value === undefined || part === undefined) continue
    parts.push(Buffer.from(`${parts.length === 0 ? '{' : ','}"${name}":`))
    const left = part === 'all' ? value : reduced(value, part)
    if (name === 'rows') rows = left
    parts.push(left)
  }
  parts.push(Buffer.from(parts.length === 0 ? '{}' : '}'))
  return mint<MaskedReply>({ status: 200, body: Buffer.concat(parts), rows })
}

/** A resource that the gateway rebuilt from what it knows, reduced to `fields`. */
export function maskResource(resource: Json, fields: FieldMask | 'all'): MaskedReply {
  return mint<MaskedReply>({
    status: 200,
    body: Buffer.from(JSON.stringify(applyFieldMask(resource, fields))),
  })
}

/** BigQuery's own refusal of a permitted call, rebuilt. */
export function maskFailure(status: number, body: ErrorBody): MaskedReply {
  return mint<MaskedReply>({ status, body: Buffer.from(JSON.stringify(body)) })
}

function reduced(value: Buffer, part: FieldMask): Buffer {
  return Buffer.from(JSON.stringify(applyFieldMask(parseJson(value.toString('utf8')), part)))
}
