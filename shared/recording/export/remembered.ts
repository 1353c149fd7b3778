import type { ReadHashes } from '../../tlog/prove.ts'
import type { TreeNode } from '../../tlog/tree-node.ts'
import type { ReadObjects } from '../log/read-log.ts'

/** Tiles and bundles of leaves: 8 and some 60 kB. */
const OBJECTS = 128
const HASHES = 8_192
const CHEAP_LEVELS = 3
const BLOCK = 32

/** The same objects; those that were read last are not read again. Only for what never changes. */
export function rememberedObjects(objects: ReadObjects): ReadObjects {
  const memory = new Map<string, Promise<Buffer | undefined>>()
  return {
    read(path) {
      const known = memory.get(path)
      if (known !== undefined) return known
      const reading = objects.read(path)
      keep(memory, path, reading, OBJECTS)
      reading.catch(() => memory.delete(path))
      return reading
    },
  }
}

/** The same hashes of a tree of `size` leaves; neighbours share most of their proofs, and are read with them. */
export function rememberedHashes<P>(read: ReadHashes<P>, size: number): ReadHashes<P> {
  const memory = new Map<string, Uint8Array>()
  return async (nodes) => {
    const asked = nodes.filter((node) => !memory.has(nameOf(node)))
    const unknown = [
      ...new Map(
        asked.flatMap((node) => withNeighbours(node, size)).map((node) => [nameOf(node), node]),
      ),
    ].filter(([name]) => !memory.has(name))
    const answer = await read(unknown.map(([, node]) => node))
    if (!answer.ok) return answer
    const found = new Map(unknown.map(([name], place) => [name, answer.value[place]]))
    const hashes = nodes.map((node) => memory.get(nameOf(node)) ?? found.get(nameOf(node)))
    for (const [name, hash] of found) if (hash !== undefined) keep(memory, name, hash, HASHES)
    return { ok: true, value: hashes.filter((hash) => hash !== undefined) }
  }
}

/** Those in the same block that the tree has. Of high levels a node costs as much as the leaves under it. */
function withNeighbours(node: TreeNode, size: number): readonly TreeNode[] {
  const { level, index } = node
  if (level >= CHEAP_LEVELS) return [node]
  const first = index - (index % BLOCK)
  const count = Math.min(BLOCK, Math.floor(size / 2 ** level) - first)
  return Array.from({ length: count }, (_, place) => ({ level, index: first + place }))
}

const nameOf = ({ level, index }: TreeNode): string => `${level} ${index}`

/** A Map keeps insertion order: the first is the oldest. */
function keep<T>(memory: Map<string, T>, key: string, value: T, most: number): void {
  memory.set(key, value)
  const [oldest] = memory.keys()
  if (memory.size > most && oldest !== undefined) memory.delete(oldest)
}
