import type { OutputMask } from '../policy/mask.ts'

/** The header that lists the masked columns of a reply. */
export const MASKED_HEADER = 'sluice-masked'

/** Proxies and clients end a connection over headers of more than 8 KiB. */
const MAX_LENGTH = 4_000

/** Names of masked outputs, `ssn, visits.notes`, percent-encoded where a header could not hold them. */
export function maskedHeader(masks: readonly OutputMask[]): string | undefined {
  if (masks.length === 0) return undefined
  const names = [...new Set(masks.map(({ name }) => name))].map(inHeader)
  const whole = names.join(', ')
  if (whole.length <= MAX_LENGTH) return whole
  const cut = whole.slice(0, MAX_LENGTH)
  const shown = cut.slice(0, Math.max(0, cut.lastIndexOf(', ')))
  return `${shown}, ...`
}

/** RFC 9110 leaves a field value ASCII; a comma would end a name. */
function inHeader(name: string): string {
  return encodeURIComponent(name.toWellFormed())
}
