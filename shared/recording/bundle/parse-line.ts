import type { BundleLine, PartialScope } from './bundle-line.ts'
import { parseCanonical } from './canonical.ts'
import {
  type Shape,
  base32Id,
  count,
  flag,
  integer,
  list,
  matching,
  maybe,
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

const base64 = matching(/^[A-Za-z0-9+/]*={0,2}$/)
const proof = list(base64)

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
  signature: base64,
  committed: count,
  ciphertext: maybe(base64),
}

const entry = only({ t: oneOf('entry'), index: count, proof: maybe(proof), ...stored })
const unsealed = only({ t: oneOf('unsealed'), ...stored })
const opened = only({ t: oneOf('private'), id: text, facts: text, salt: base64 })
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
  return [entry, opened, leaf, unsealed, end, header, checkpoint, consistency].some((shape) =>
    shape(value),
  )
}
