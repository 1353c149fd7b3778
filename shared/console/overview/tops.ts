import { principalKey } from '../../identity/principal.ts'
import type { CallDocument } from '../../recording/search/search-document.ts'

/** How many calls have a value. */
export interface Top {
  readonly value: string
  /** For people. */
  readonly label: string
  readonly count: number
}

const MOST = 8

/** The tables that most of these calls read or write. */
export function topTables(calls: readonly CallDocument[]): Top[] {
  return topOf(calls, ({ tables, targets }) => plain([...tables, ...targets]))
}

/** Those who made most of them. Nobody is one of them whom nobody knows. */
export function topPrincipals(calls: readonly CallDocument[]): Top[] {
  return topOf(calls, ({ principal }) =>
    principal === undefined
      ? []
      : [[principalKey(principal), principal.email ?? principal.subject] as const],
  )
}

/** The rules that most of them were decided by. */
export function topRules(calls: readonly CallDocument[]): Top[] {
  return topOf(calls, ({ rules }) => plain(rules))
}

function topOf(
  calls: readonly CallDocument[],
  valuesOf: (call: CallDocument) => readonly (readonly [string, string])[],
): Top[] {
  const counts = new Map<string, { readonly label: string; count: number }>()
  for (const call of calls)
    for (const [value, label] of new Map(valuesOf(call))) {
      const known = counts.get(value)
      if (known === undefined) counts.set(value, { label, count: 1 })
      else known.count += 1
    }
  return [...counts]
    .map(([value, { label, count }]) => ({ value, label, count }))
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, MOST)
}

function plain(values: readonly string[]): readonly (readonly [string, string])[] {
  return values.map((value) => [value, value])
}
