/** What does not hold. */
export interface Problem {
  /** Kebab-case; stable, for machines. */
  readonly kind: string
  /** What it speaks against: that what is here is genuine, or that nothing is missing. */
  readonly verdict: 'integrity' | 'completeness'
  /** Id of the entry it is about, as it says itself; undefined for none. */
  readonly entry?: string | undefined
  /** Index of its leaf. */
  readonly index?: number | undefined
  /** A sentence for people. */
  readonly words: string
}

/** Where a problem was found. */
export interface Place {
  readonly id?: string | undefined
  readonly index?: number | undefined
}

export type Report = (problem: Problem) => void

/** Something that is here is not genuine. */
export function broken(kind: string, { id, index }: Place, words: string): Problem {
  return { kind, verdict: 'integrity', entry: id, index, words }
}

/** Something is missing. */
export function missing(kind: string, { id, index }: Place, words: string): Problem {
  return { kind, verdict: 'completeness', entry: id, index, words }
}

/** An entry as sentences name it. */
export function entryAt({ id, index }: Place): string {
  const name = id === undefined ? 'an entry' : `entry ${quoted(id)}`
  return index === undefined ? name : `${name} (leaf ${index})`
}

/** A text of somebody's as sentences quote it: short, and nothing in it that moves a terminal. */
export function quoted(text: string): string {
  const plain = text.replaceAll(/[^\x20-\x7e]|`/gu, '?')
  return `\`${plain.length > 100 ? `${plain.slice(0, 100)}…` : plain}\``
}

/** A time as sentences name it, epoch milliseconds. */
export function instant(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString()
}
