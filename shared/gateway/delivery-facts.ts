import { z } from 'zod'

import type { Json } from '../bigquery/call.ts'
import { type FieldMask, selected } from '../bigquery/field-mask.ts'
import { parseJson } from '../bigquery/json.ts'
import type { MaskedReply } from '../masking/masked-reply.ts'
import type { ScannedReply } from '../masking/reply-scanner.ts'
import type { Delivered } from '../recording/delivered.ts'
import type { RecordedJob } from '../recording/envelope.ts'

const jobReference = z.object({
  projectId: z.string(),
  jobId: z.string(),
  location: z.string().optional(),
})

/** The job a reply is about; undefined when it names none (a dry run's has no id). */
export function jobOf(reply: ScannedReply): RecordedJob | undefined {
  const parsed = jobReference.safeParse(member(reply, 'jobReference'))
  return parsed.success ? { location: undefined, ...parsed.data } : undefined
}

/** Whether the job behind a reply is done. Replies of `tabledata.list` do not say: they are. */
export function isComplete(reply: ScannedReply): boolean {
  return member(reply, 'jobComplete') !== false
}

/** What the record keeps of a reply with rows, read off the small members only. */
export function rowsDelivered(
  reply: ScannedReply,
  masked: MaskedReply,
  fields: FieldMask | 'all',
): Delivered {
  const left = (name: string) => fields === 'all' || selected(fields, name) !== undefined
  const text = (name: string): string | undefined => {
    const value = member(reply, name)
    return typeof value === 'string' ? value : undefined
  }
  const cacheHit = member(reply, 'cacheHit')
  return {
    ...bodyDelivered(masked),
    job: jobOf(reply),
    schema: left('schema') ? reply.members.get('schema')?.toString('utf8') : undefined,
    rows: left('rows') ? reply.rows : 0,
    rowBytes: reply.rows === 0 ? undefined : masked.rows,
    totalRows: text('totalRows'),
    totalBytesProcessed: text('totalBytesProcessed'),
    totalBytesBilled: text('totalBytesBilled'),
    numDmlAffectedRows: text('numDmlAffectedRows'),
    cacheHit: typeof cacheHit === 'boolean' ? cacheHit : undefined,
    statementType: text('statementType'),
    morePages: reply.members.has('pageToken'),
  }
}

/** What the record is told of any reply: its status, its words, and its exact bytes. */
export function bodyDelivered(
  masked: MaskedReply,
  error?: { readonly reason: string; readonly message: string },
): Delivered {
  return {
    status: masked.status,
    job: undefined,
    error,
    schema: undefined,
    rows: 0,
    totalRows: undefined,
    totalBytesProcessed: undefined,
    totalBytesBilled: undefined,
    numDmlAffectedRows: undefined,
    cacheHit: undefined,
    statementType: undefined,
    morePages: false,
    body: masked.body,
    rowBytes: undefined,
  }
}

/** One small member, parsed; undefined when it is absent or not JSON. */
function member(reply: ScannedReply, name: string): Json | undefined {
  const bytes = reply.members.get(name)
  if (bytes === undefined) return undefined
  try {
    return parseJson(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
