import { type Pair, type Scalar, isAlias, isMap, isNode, isScalar, isSeq } from 'yaml'

import type { Path } from './policy-problem.ts'

const MAX_DEPTH = 32

/** Offsets in a text, in UTF-16 code units. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Something wrong at a place of a text. */
export interface Finding {
  readonly span: Span
  readonly path: Path
  readonly message: string
}

/** What stands at one path. */
export interface Place {
  /** Of the value; of its key when the value is left out. */
  readonly span: Span
  /** Of the key that leads here, if one does. */
  readonly key: Span | undefined
  /** The value as it is written, if it is a scalar. */
  readonly scalar: Scalar | undefined
  /** Refused as YAML, so that the value means nothing. */
  readonly opaque: boolean
}

/** A YAML document as plain data, what is wrong with it, and where everything is. */
export interface Tree {
  readonly value: unknown
  readonly findings: readonly Finding[]
  /** By `placeKey`. */
  readonly places: ReadonlyMap<string, Place>
}

/** The key of a path in `Tree.places`. */
export const placeKey = (path: Path): string => JSON.stringify(path)

/**
 * Reads YAML nodes as objects, arrays and scalars. Keys are texts and stand once; anchors, aliases
 * and tags are refused: they make a reviewer look elsewhere for what a line means, and can blow up.
 */
export function readTree(root: unknown, lineOf: (offset: number) => number): Tree {
  const findings: Finding[] = []
  const places = new Map<string, Place>()

  function read(node: unknown, path: Path, key: Span | undefined): unknown {
    const written = spanOf(node) ?? key ?? { start: 0, end: 0 }
    const span = written.start === written.end && key !== undefined ? key : written
    const refusal = refusalOf(node, path.length)
    const scalar = isScalar(node) ? node : undefined
    places.set(placeKey(path), { span, key, scalar, opaque: refusal !== undefined })
    if (refusal !== undefined) {
      findings.push({ span, path, message: refusal })
      return undefined
    }
    if (isMap(node)) return readMap(node.items, path)
    if (isSeq(node)) return node.items.map((item, index) => read(item, [...path, index], undefined))
    return scalar?.value ?? null
  }

  function readMap(pairs: readonly Pair[], path: Path): unknown {
    const members = new Map<string, unknown>()
    const firstAt = new Map<string, number>()
    for (const { key, value } of pairs) {
      const span = spanOf(key) ?? spanOf(value) ?? { start: 0, end: 0 }
      const name = isScalar(key) && refusalOf(key, 0) === undefined ? key.value : undefined
      if (typeof name !== 'string') {
        findings.push({ span, path, message: 'a key must be plain text (quote it)' })
        continue
      }
      const first = firstAt.get(name)
      if (first !== undefined) {
        const message = `the key stands twice, first on line ${lineOf(first)}: \`${name}\``
        findings.push({ span, path: [...path, name], message })
        continue
      }
      firstAt.set(name, span.start)
      members.set(name, read(value, [...path, name], span))
    }
    // `fromEntries` defines members: a key `__proto__` is one like any other.
    return Object.fromEntries(members)
  }

  return { value: read(root, [], undefined), findings, places }
}

function refusalOf(node: unknown, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return `nested more than ${MAX_DEPTH} levels deep`
  if (isAlias(node)) return `write it out: aliases are not allowed: \`*${node.source}\``
  if (!isNode(node)) return undefined
  if (node.anchor !== undefined) return `anchors are not allowed: \`&${node.anchor}\``
  if (node.tag !== undefined) return `tags are not allowed: \`${node.tag}\``
  return undefined
}

function spanOf(node: unknown): Span | undefined {
  if (!isNode(node) || !node.range) return undefined
  const [start, end] = node.range
  return { start, end }
}
