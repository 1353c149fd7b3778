import { type Result, err, ok } from '../kernel/result.ts'
import type { Json } from './call.ts'
import { isList, isObject } from './json.ts'

/** A parsed `fields` parameter: which members to keep, and of those which parts. */
export interface FieldMask {
  readonly members: ReadonlyMap<string, FieldMask | 'all'>
}

const MAX_CHARACTERS = 64 * 1024
const MAX_NAMES = 10_000
const MAX_DEPTH = 16

const NAME = /^[A-Za-z0-9_.*-]+$/

type Members = Map<string, Selection>
type Selection = 'all' | { readonly members: Members }

/**
 * Parses the `fields` parameter of a Google API: `a,b(c,d),e/f`, `*` for every member.
 * https://cloud.google.com/bigquery/docs/api-performance#partial-response
 *
 * Returns what is wrong with it, as BigQuery would (`Invalid field selection`); also when it is
 * longer than 64 kB or has more than 10,000 names.
 */
export function parseFieldMask(text: string): Result<FieldMask, string> {
  if (text.length > MAX_CHARACTERS)
    return err(`a field selection has at most ${MAX_CHARACTERS} characters`)
  const tokens = text.match(/[A-Za-z0-9_.*-]+|[(),/]|[^\s]/g) ?? []
  let next = 0
  let names = 0

  /** Reads a list of selections into `members`, which may hold some: `a(b),a(c)` is `a(b,c)`. */
  function list(members: Members, depth: number): boolean {
    if (depth > MAX_DEPTH) return false
    for (;;) {
      if (!item(members, depth)) return false
      if (tokens[next] !== ',') return true
      next++
    }
  }

  /** Reads `a/b/c` or `a/b(…)`. */
  function item(members: Members, depth: number): boolean {
    let parent = members
    for (let length = 1; length <= MAX_DEPTH; length++) {
      const name = tokens[next++]
      if (name === undefined || !NAME.test(name) || ++names > MAX_NAMES) return false
      if (tokens[next] === '/') parent = inside(parent, name)
      else if (tokens[next] === '(') {
        next++
        return list(inside(parent, name), depth + 1) && tokens[next++] === ')'
      } else {
        parent.set(name, 'all')
        return true
      }
      next++
    }
    return false
  }

  const members: Members = new Map()
  return list(members, 0) && next === tokens.length
    ? ok({ members })
    : err(`invalid field selection \`${text.slice(0, 200)}\``)
}

/** Where the selections inside a member go; nowhere, when all of it is selected already. */
function inside(members: Members, name: string): Members {
  const before = members.get(name)
  if (before === 'all') return new Map()
  if (before !== undefined) return before.members
  const inner: Members = new Map()
  members.set(name, { members: inner })
  return inner
}

/** What `mask` selects at `name`; undefined when nothing. */
export function selected(mask: FieldMask, name: string): FieldMask | 'all' | undefined {
  return mask.members.get(name) ?? mask.members.get('*')
}

/** `value` reduced to what `mask` selects; arrays element by element. */
export function applyFieldMask(value: Json, mask: FieldMask | 'all'): Json {
  if (mask === 'all') return value
  if (isList(value)) return value.map((item) => applyFieldMask(item, mask))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => {
      const inner = selected(mask, key)
      return inner === undefined || member === undefined
        ? []
        : [[key, applyFieldMask(member, inner)]]
    }),
  )
}
