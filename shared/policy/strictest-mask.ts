import { type InfoType, type Mask, infoTypes } from './mask.ts'

const NULL: Mask = { kind: 'expression', expression: 'ALWAYS_NULL' }
const DEFAULT: Mask = { kind: 'expression', expression: 'DEFAULT_MASKING_VALUE' }

/**
 * One mask that hides what each of these hides; undefined of none. Masks that show different parts of a value
 * together make a constant: what one of them shows, another may hide.
 */
export function strictestMask(masks: readonly Mask[]): Mask | undefined {
  const [first, ...rest] = masks
  return first && rest.reduce(stricter, first)
}

/** The constant that stands for values of which a mask may show nothing. */
export function constantMask(mask: Mask): Mask {
  return isNull(mask) ? NULL : DEFAULT
}

/** Whether `mask` hides at least what `other` hides. */
export function isAsStrict(mask: Mask, other: Mask): boolean {
  return sameMask(stricter(mask, other), mask)
}

function stricter(a: Mask, b: Mask): Mask {
  if (isNull(a) || isNull(b)) return NULL
  if (a.kind === 'detect' && b.kind === 'detect')
    return { kind: 'detect', infoTypes: union(a.infoTypes, b.infoTypes) }
  return sameMask(a, b) ? a : DEFAULT
}

function sameMask(a: Mask, b: Mask): boolean {
  if (a.kind === 'expression') return b.kind === 'expression' && a.expression === b.expression
  if (a.kind === 'small-count') return b.kind === 'small-count' && a.below === b.below
  return b.kind === 'detect' && a.infoTypes.join(' ') === b.infoTypes.join(' ')
}

const isNull = (mask: Mask): boolean =>
  mask.kind === 'expression' && mask.expression === 'ALWAYS_NULL'

/** In the order of `infoTypes`, which is how policy files are read too. */
const union = (a: readonly InfoType[], b: readonly InfoType[]): readonly InfoType[] =>
  infoTypes.filter((type) => a.includes(type) || b.includes(type))
