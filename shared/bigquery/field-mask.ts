import { type Result, err, ok } from '../kernel/result.ts'
import type { Json } from './call.ts'

/** A parsed `fields` parameter: which members to keep, and of those which parts. */
export interface FieldMask {
  readonly members: ReadonlyMap<string, FieldMask | 'all'>
}

/**
 * Parses the `fields` parameter of a Google API: `a,b(c,d),e/f`, `*` for every member.
 * https://cloud.google.com/bigquery/docs/api-performance#partial-response
 *
 * Returns what is wrong with it, as BigQuery would (`Invalid field selection`).
 */
export function parseFieldMask(text: string): Result<FieldMask, string> {
  const tokens = text.match(/[A-Za-z0-9_.*-]+|[(),/]|[^\s]/g) ?? []
  let next = 0
  const fail = `invalid field selection \`${text.slice(0, 200)}\``

  function list(depth: number): FieldMask | undefined {
    if (depth > 16) return undefined
    const members = new Map<string, FieldMask | 'all'>()
    for (;;) {
      const path: string[] = []
      for (;;) {
        const name = tokens[next]
        if (name === undefined || !/^[A-Za-z0-9_.*-]+$/.test(name)) return undefined
        path.push(name)
        next++
        if (tokens[next] !== '/') break
        next++
      }
      if (path.length > 16) return undefined
      let inner: FieldMask | 'all' = 'all'
      if (tokens[next] === '(') {
        next++
        const nested = list(depth + 1)
        if (nested === undefined || tokens[next] !== ')') return undefined
        next++
        inner = nested
      }
      for (const name of path.slice(1).toReversed()) inner = { members: new Map([[name, inner]]) }
      add(members, path[0] ?? '', inner)
      if (tokens[next] !== ',') return { members }
      next++
    }
  }

  const mask = list(0)
  return mask === undefined || next !== tokens.length ? err(fail) : ok(mask)
}

function add(
  members: Map<string, FieldMask | 'all'>,
  name: string,
  inner: FieldMask | 'all',
): void {
  members.set(name, merge(members.get(name), inner))
}

/** Both selections of one member: `a(b),a(c)` is `a(b,c)`. */
function merge(before: FieldMask | 'all' | undefined, more: FieldMask | 'all'): FieldMask | 'all' {
  if (before === undefined) return more
  if (before === 'all' || more === 'all') return 'all'
  const members = new Map(before.members)
  for (const [name, inner] of more.members) add(members, name, inner)
  return { members }
}

/** What `mask` selects at `name`; undefined when nothing. */
export function selected(mask: FieldMask, name: string): FieldMask | 'all' | undefined {
  return mask.members.get(name) ?? mask.members.get('*')
}

/** `value` reduced to what `mask` selects; arrays element by element. */
export function applyFieldMask(value: Json, mask: FieldMask | 'all'): Json {
  if (mask === 'all') return value
  if (isList(value)) return value.map((item) => applyFieldMask(item, mask))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => {
      const inner = selected(mask, key)
      return inner === undefined || member === undefined
        ? []
        : [[key, applyFieldMask(member, inner)]]
    }),
  )
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)
