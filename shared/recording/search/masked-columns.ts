import { unreachable } from '../../kernel/unreachable.ts'
import type { Decision } from '../../policy/decision.ts'
import type { Mask } from '../../policy/mask.ts'
import type { CallDocument } from './search-document.ts'

/** Columns under a mask by a decision, each pair of column and mask once; none where it denies. */
export function maskedColumns(decision: Decision | undefined): CallDocument['masked'] {
  if (decision === undefined || decision.effect === 'deny') return []
  const pairs = decision.obligations.masks.flatMap(({ mask, columns }) =>
    columns.map((column) => ({ column, mask: maskName(mask) })),
  )
  return [...new Map(pairs.map((pair) => [JSON.stringify(pair), pair])).values()]
}

/** A mask as lists and filters name it. */
export function maskName(mask: Mask): string {
  switch (mask.kind) {
    case 'expression':
      return mask.expression
    case 'detect':
      return mask.infoTypes.join('+')
    case 'small-count':
      return `SMALL_COUNT_BELOW_${mask.below}`
    default:
      return unreachable(mask)
  }
}
