import type { BundleLine, PartialScope } from './bundle-line.ts'
import { parseCanonical } from './canonical.ts'
import {
  type Shape,
  base32Id,
  count,
  flag,
  integer,
  list,
  maybe,
  members,
  oneOf,
  only,
  sha256,
  text,
} from './shapes.ts'

/** The line a text is; undefined unless it is the canonical JSON of one, with no further members. */
export function parseLine(line: string): BundleLine | undefined {
  const value = parseCanonical(line)
  return isLine(value) ? value : undefined
}

const proof = list(text)

const everything = only({ all: (value): value is true => value === true })
const part = only({
  session: maybe(base32Id),
  principal: maybe(text),
  call: maybe(base32Id),
  from: maybe(integer),
  to: maybe(integer),
})
const somePart: Shape<PartialScope> = (value): value is PartialScope =>
  part(value) && Object.keys(value).length > 0
const scope = (value: unknown): value is { readonly all: true } | PartialScope =>
  everything(value) || somePart(value)

const stored = {
  entry: text,
  stamp: text,
  signature: text,
  committed: count,
  ciphertext: maybe(text),
}

const entry = only({ t: oneOf('entry'), index: count, proof: maybe(proof), ...stored })
const unsealed = only({ t: oneOf('unsealed'), ...stored })
const opened = only({ t: oneOf('private'), id: text, facts: text, salt: text })
const leaf = only({
  t: oneOf('leaf'),
  index: count,
  leaf: text,
  why: oneOf('deleted', 'missing', 'invalid'),
  proof: maybe(proof),
})
const header = only({
  t: oneOf('sluice-bundle/v1'),
  log: text,
  size: count,
  scope,
  made: integer,
  private: flag,
})
const checkpoint = only({ t: oneOf('checkpoint'), note: text })
const consistency = only({ t: oneOf('consistency'), from: count, proof })
const end = only({ t: oneOf('end'), lines: count, sha256 })

function isLine(value: unknown): value is BundleLine {
  const shape = typed(value) ? SHAPES.get(value.t) : undefined
  return shape?.(value) === true
}

const typed = members({ t: text })

const SHAPES: ReadonlyMap<string, Shape<BundleLine>> = new Map<string, Shape<BundleLine>>([
  ['entry', entry],
  ['private', opened],
  ['leaf', leaf],
  ['unsealed', unsealed],
  ['end', end],
  ['sluice-bundle/v1', header],
  ['checkpoint', checkpoint],
  ['consistency', consistency],
])
