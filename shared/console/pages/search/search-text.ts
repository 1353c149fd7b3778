import type { Pair } from './pairs.ts'
import { keyOfFilter } from './search-keys.ts'

/** Filters as one line that `parseSearch` reads back. */
export function searchText(pairs: readonly Pair[]): string {
  return pairs
    .map(([filter, value]) =>
      filter === 'text'
        ? words(value)
        : `${keyOfFilter(filter)?.key ?? filter}:${quoted(spoken(filter, value))}`,
    )
    .join(' ')
}

/** A value as people read it: midnight is a day. */
export function spoken(filter: string, value: string): string {
  return keyOfFilter(filter)?.kind === 'time' ? value.replace(/T00:00:00(?:\.000)?Z$/, '') : value
}

function words(text: string): string {
  return text
    .split(' ')
    .map((word) => (word.includes(':') ? quoted(word, true) : word))
    .join(' ')
}

function quoted(value: string, always = false): string {
  return always || /\s/.test(value) ? `"${value}"` : value
}
