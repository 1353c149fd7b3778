import type { Leaf } from '../leaf.ts'
import { encodeLeaf } from '../leaf.ts'
import {
  HEX_HASH,
  type Members,
  WRITER_ID,
  canonicalMembers,
  countIn,
  readMembers,
  textIn,
} from './members.ts'

/** The leaf in these bytes; undefined unless `encodeLeaf` writes them for one. */
export function parseLeaf(bytes: Uint8Array): Leaf | undefined {
  const leaf = readMembers(canonicalMembers(bytes), read)
  return leaf !== undefined && Buffer.compare(encodeLeaf(leaf), bytes) === 0 ? leaf : undefined
}

function read(members: Members): Leaf {
  const common = {
    t: 'sluice-leaf/v1',
    c: countIn(members, 'c'),
    e: textIn(members, 'e', HEX_HASH),
    i: textIn(members, 'i'),
  } as const
  const k = textIn(members, 'k')
  if (k === 'invalid') return { ...common, k }
  return {
    ...common,
    k,
    n: countIn(members, 'n'),
    p: members.has('p') ? textIn(members, 'p', HEX_HASH) : undefined,
    s: textIn(members, 's', HEX_HASH),
    w: textIn(members, 'w', WRITER_ID),
  }
}
