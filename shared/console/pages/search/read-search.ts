import type { Context } from 'hono'

import { type Result, err, ok } from '../../../kernel/result.ts'
import type { ConsoleEnv } from '../console-env.ts'
import { type Pair, pairsOf, searchUrl, withPair } from './pairs.ts'
import { parseSearch } from './parse-search.ts'
import { parseValue } from './parse-value.ts'
import { rangeNamed } from './ranges.ts'
import { keyOfFilter } from './search-keys.ts'

/** What a page of the search is about, or the address that says it in the API's own filters. */
type Read = { readonly pairs: readonly Pair[] } | { readonly to: string }

interface NotUnderstood {
  readonly line: string
  readonly problems: readonly string[]
}

const LONGEST = 2_000

/** Reads the query of the page: `q` as one line, `range` by its name, and the fields of the form. */
export function readSearch(c: Context<ConsoleEnv>): Result<Read, NotUnderstood> {
  const line = c.req.query('q')
  const given = pairsOf(c)
  if (line !== undefined && line.length > LONGEST)
    return err({ line: '', problems: [`a search is at most ${LONGEST} characters`] })
  const parsed = parseSearch(line ?? '')
  const fields = parseFields(given)
  const problems = [...(parsed.ok ? [] : parsed.error), ...(fields.ok ? [] : fields.error)]
  if (!parsed.ok || !fields.ok) return err({ line: line ?? '', problems })
  const range = rangeNamed(c.req.query('range'), c.get('at'))
  const ranged: readonly Pair[] = range === undefined ? [] : Object.entries(range)
  // What the line says about time is more precise than a name.
  const pairs = [...ranged, ...fields.value, ...parsed.value].reduce<readonly Pair[]>(withPair, [])
  const isPlain = [...new URL(c.req.url).searchParams].every(
    ([name, value]) =>
      name === 'pageToken' || given.some((pair) => pair[0] === name && pair[1] === value),
  )
  const isSame = fields.value.every(([, value], index) => value === given[index]?.[1])
  return ok(isPlain && isSame && line === undefined ? { pairs } : { to: searchUrl(pairs) })
}

function parseFields(given: readonly Pair[]): Result<readonly Pair[], readonly string[]> {
  const parsed = given.map(([filter, value]) => {
    const key = keyOfFilter(filter)
    const read = key === undefined ? ok(value) : parseValue(key, value)
    return { filter, read }
  })
  const problems = parsed.flatMap(({ read }) => (read.ok ? [] : [read.error]))
  if (problems.length > 0) return err(problems)
  return ok(
    parsed.flatMap(({ filter, read }): readonly Pair[] => (read.ok ? [[filter, read.value]] : [])),
  )
}
