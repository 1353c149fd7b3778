import { canonicalJson } from '../../kernel/canonical-json.ts'

/** What a text holds; undefined unless it is canonical JSON, so that it has one reading. FORMAT.md §1. */
export function parseCanonical(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return isPlainlyCanonical(value, text) || canonicalJson(value) === text ? value : undefined
  } catch {
    return undefined
  }
}

/** The text of UTF-8 bytes; undefined for what is none. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const MOST_LEVELS = 64

/**
 * Whether a value is seen to be canonical without writing it by ourselves, which takes three times as long. Says
 * no when in doubt: of names that JavaScript orders in its own way, and of halves of surrogate pairs.
 */
function isPlainlyCanonical(value: unknown, text: string): boolean {
  return !text.includes('\\ud') && JSON.stringify(value) === text && isOrdered(value, 0)
}

/** Whether all names come in their order, and all numbers are safe integers. */
function isOrdered(value: unknown, level: number): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value)
  if (typeof value !== 'object' || value === null) return true
  if (level > MOST_LEVELS) return false
  if (Array.isArray(value)) return value.every((item) => isOrdered(item, level + 1))
  let before: string | undefined
  for (const [name, member] of Object.entries(value)) {
    if ((before !== undefined && before >= name) || !isOrdered(member, level + 1)) return false
    before = name
  }
  return true
}
