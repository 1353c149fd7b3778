import { parseJson } from '../bigquery/json.ts'
import type { SqlField } from '../bigquery/sql-type.ts'
import { fieldsOfSchema, sameFields } from '../bigquery/table-schema.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import type { InfoType, OutputMask } from '../policy/mask.ts'
import type { TimestampFormat } from './default-value.ts'
import type { Detect } from './detect.ts'
import { type PlanContext, planRow } from './mask-plan.ts'
import type { ScannedReply } from './reply-scanner.ts'
import { spliceRows } from './splice-rows.ts'

/** Under which terms rows leave. */
export interface RowTerms {
  readonly masks: readonly OutputMask[]
  /** The columns the masks are about; undefined when nobody asked. */
  readonly outputs: readonly SqlField[] | undefined
  /** BigQuery's `timestampOutputFormat` of the request. */
  readonly timestampOutputFormat: string | undefined
}

/** What masks need of the world. */
export interface Masking {
  /** Key of the mask `TOKEN`, 32 bytes. */
  readonly tokenKey: Uint8Array
  readonly detect: Detect
}

/**
 * The reply with the cells of its rows masked. Returns an error when its columns are not those the masks
 * are about, or its rows have another shape.
 */
export async function maskCells(
  reply: ScannedReply,
  terms: RowTerms,
  masking: Masking,
): Promise<Result<ScannedReply, 'unexpected-shape'>> {
  const { masks, outputs } = terms
  // Nobody asked what flows where: nothing is masked, and the reply is BigQuery's.
  if (masks.length === 0 && outputs === undefined) return ok(reply)
  const schema = schemaOf(reply)
  // Fail closed: the table changed after its columns were looked at.
  if (schema === 'unknown' || (outputs && schema && !sameFields(outputs, schema)))
    return err('unexpected-shape')
  const rows = reply.members.get('rows')
  if (rows === undefined || masks.length === 0) return ok(reply)
  // A mask is a path into columns that were analysed: without them it says nothing.
  const columns = schema ?? outputs
  if (columns === undefined || outputs === undefined) return err('unexpected-shape')

  const context = {
    tokenKey: masking.tokenKey,
    timestamps: timestampsOf(terms.timestampOutputFormat),
  }
  const redact = await redaction(rows, columns, terms, { ...context, detect: masking.detect })
  if (redact === undefined) return err('unexpected-shape')
  const spliced = splice(rows, columns, masks, { ...context, redact })
  if (!spliced.ok) return spliced
  return ok({ ...reply, members: new Map([...reply.members, ['rows', spliced.value]]) })
}

function schemaOf(reply: ScannedReply): readonly SqlField[] | 'unknown' | undefined {
  const schema = reply.members.get('schema')
  if (schema === undefined) return undefined
  try {
    return fieldsOfSchema(parseJson(schema.toString('utf8'))) ?? 'unknown'
  } catch {
    return 'unknown'
  }
}

function timestampsOf(format: string | undefined): TimestampFormat {
  return format === 'ISO8601_STRING' ? 'ISO8601_STRING' : 'number'
}

function splice(
  rows: Buffer,
  columns: readonly SqlField[],
  masks: readonly OutputMask[],
  context: PlanContext,
): Result<Buffer, 'unexpected-shape'> {
  const plans = planRow(columns, masks, context)
  return plans === undefined ? err('unexpected-shape') : spliceRows(rows, plans)
}

/** Finds in one batch what is to be found in the texts of all rows: detection may be a service elsewhere. */
async function redaction(
  rows: Buffer,
  columns: readonly SqlField[],
  { masks }: RowTerms,
  context: Pick<PlanContext, 'tokenKey' | 'timestamps'> & { readonly detect: Detect },
): Promise<PlanContext['redact'] | undefined> {
  const detecting = masks.filter(({ mask }) => mask.kind === 'detect')
  const texts = new Map<string, { infoTypes: readonly InfoType[]; found: Set<string> }>()
  const collect: PlanContext['redact'] = (text, infoTypes) => {
    const key = infoTypes.join()
    const known = texts.get(key) ?? { infoTypes, found: new Set<string>() }
    texts.set(key, known)
    known.found.add(text)
    return text
  }
  if (detecting.length === 0) return collect
  if (!splice(rows, columns, detecting, { ...context, redact: collect }).ok) return undefined
  const redacted = new Map<string, string>()
  for (const [key, { infoTypes, found }] of texts) {
    const before = [...found]
    // oxlint-disable-next-line no-await-in-loop -- one batch for each list of infoTypes, most often one
    const after = await context.detect(before, infoTypes)
    before.forEach((text, i) => redacted.set(`${key} ${text}`, after[i] ?? ''))
  }
  return (text, infoTypes) => redacted.get(`${infoTypes.join()} ${text}`) ?? ''
}
