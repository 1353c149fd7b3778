import type { Context } from 'hono'

import { keyOfFilter } from './search-keys.ts'

/** A filter of the API and a value of it. */
export type Pair = readonly [filter: string, value: string]

/** The filters in the query of a page; fields of a form that were left empty are none. */
export function pairsOf(c: Context): readonly Pair[] {
  const { searchParams } = new URL(c.req.url)
  return [...searchParams].flatMap(([name, value]): readonly Pair[] => {
    const known = name === 'text' || keyOfFilter(name) !== undefined
    return known && value.trim() !== '' ? [[name, value.trim()]] : []
  })
}

/** Address of a page, or of the API, with these filters and whatever else. */
export function urlOf(path: string, pairs: readonly Pair[], rest: readonly Pair[] = []): string {
  const query = new URLSearchParams(
    [...pairs, ...rest].map(([name, value]): [string, string] => [name, value]),
  )
  return query.size === 0 ? path : `${path}?${query.toString()}`
}

/** Address of the search for these. */
export function searchUrl(pairs: readonly Pair[]): string {
  return urlOf('/console/search', pairs)
}

/** With one more: beside the others of a filter that takes several, in place of the one that does not. */
export function withPair(pairs: readonly Pair[], [filter, value]: Pair): readonly Pair[] {
  const isList = keyOfFilter(filter)?.isList === true
  return [
    ...pairs.filter(([name, before]) => name !== filter || (isList && before !== value)),
    [filter, value],
  ]
}

/** Without this one. */
export function withoutPair(pairs: readonly Pair[], [filter, value]: Pair): readonly Pair[] {
  return pairs.filter(([name, before]) => name !== filter || before !== value)
}

/** Whether it is among them. */
export function hasPair(pairs: readonly Pair[], [filter, value]: Pair): boolean {
  return pairs.some(([name, before]) => name === filter && before === value)
}
