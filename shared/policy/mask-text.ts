import type { Mask } from './mask.ts'

/** A mask in a few words: `SHA256`, `detect EMAIL_ADDRESS, PHONE_NUMBER`, `NULL below 10`. */
export function maskText(mask: Mask): string {
  switch (mask.kind) {
    case 'expression':
      return mask.expression
    case 'detect':
      return `detect ${mask.infoTypes.toSorted().join(', ')}`
    case 'small-count':
      return `NULL below ${mask.below}`
  }
}
