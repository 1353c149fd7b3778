import type { SqlField, SqlType } from '../bigquery/sql-type.ts'
import type { InfoType, OutputMask } from '../policy/mask.ts'
import { type MaskCell, type MaskContext, maskScalar } from './mask-scalar.ts'

/** What becomes of a value in a reply. */
export type Plan =
  /** It is copied as it stands. */
  | { readonly kind: 'copy' }
  /** Whatever it is, these bytes of JSON take its place. */
  | { readonly kind: 'constant'; readonly json: Buffer }
  /** A scalar, whose text is masked. */
  | { readonly kind: 'cell'; readonly mask: MaskCell }
  | { readonly kind: 'array'; readonly element: Plan }
  | { readonly kind: 'struct'; readonly fields: readonly Plan[] }

/** What masks need that is not in them. */
export interface PlanContext extends MaskContext {
  /** What is left of a text in which these were looked for. */
  readonly redact: (text: string, infoTypes: readonly InfoType[]) => string
}

const COPY: Plan = { kind: 'copy' }

/**
 * What becomes of each column of a row. Undefined when a mask does not fit the columns: nothing may leave
 * then.
 */
export function planRow(
  columns: readonly SqlField[],
  masks: readonly OutputMask[],
  context: PlanContext,
): readonly Plan[] | undefined {
  const row: Plan = { kind: 'struct', fields: columns.map(() => COPY) }
  let planned: Plan | undefined = row
  for (const mask of masks) {
    if (planned === undefined || mask.path.length === 0) return undefined
    planned = within(planned, { kind: 'STRUCT', fields: columns }, mask.path, mask, context)
  }
  return planned?.kind === 'struct' ? planned.fields : undefined
}

/** `plan` for a value of `type`, and the mask at the end of `path` in it. */
function within(
  plan: Plan,
  type: SqlType,
  path: readonly number[],
  mask: OutputMask,
  context: PlanContext,
): Plan | undefined {
  // What is masked whole stays so.
  if (plan.kind === 'constant') return plan
  const [position, ...rest] = path
  if (position === undefined) return ofValue(type, mask, context)
  if (type.kind === 'ARRAY') {
    const before = plan.kind === 'array' ? plan.element : COPY
    const element = within(before, type.element, path, mask, context)
    return element && { kind: 'array', element }
  }
  if (type.kind !== 'STRUCT') return undefined
  const field = type.fields[position]
  if (field === undefined) return undefined
  const before = plan.kind === 'struct' ? plan.fields : type.fields.map(() => COPY)
  const after = within(before[position] ?? COPY, field.type, rest, mask, context)
  return (
    after && { kind: 'struct', fields: before.map((each, i) => (i === position ? after : each)) }
  )
}

function ofValue(type: SqlType, { mask }: OutputMask, context: PlanContext): Plan {
  switch (mask.kind) {
    case 'expression': {
      const masked = maskScalar(mask.expression, type, context)
      return 'constant' in masked ? constant(masked.constant) : { kind: 'cell', mask: masked }
    }
    case 'detect':
      // There is nothing to find in what is no text, and no way to show it without.
      if (type.kind !== 'STRING') return ofValue(type, DEFAULT, context)
      return {
        kind: 'cell',
        mask: (text) => (text === null ? null : context.redact(text, mask.infoTypes)),
      }
    case 'small-count':
      return {
        kind: 'cell',
        mask: (text) => (text === null || !(Number(text) >= mask.below) ? null : text),
      }
  }
}

const DEFAULT: OutputMask = {
  path: [],
  name: '',
  mask: { kind: 'expression', expression: 'DEFAULT_MASKING_VALUE' },
  columns: [],
}

function constant(value: string | readonly [] | null): Plan {
  return { kind: 'constant', json: Buffer.from(JSON.stringify(value)) }
}
