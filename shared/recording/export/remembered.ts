import type { ReadHashes } from '../../tlog/prove.ts'
import type { TreeNode } from '../../tlog/tree-node.ts'
import type { ReadObjects } from '../log/read-log.ts'

/** Tiles and bundles of leaves: 8 and some 60 kB. */
const OBJECTS = 128
const HASHES = 8_192

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

/** The same hashes; neighbours share most of their proofs. */
export function rememberedHashes<P>(read: ReadHashes<P>): ReadHashes<P> {
  const memory = new Map<string, Uint8Array>()
  return async (nodes) => {
    const unknown = nodes.filter((node) => !memory.has(nameOf(node)))
    const answer = await read(unknown)
    if (!answer.ok) return answer
    const found = new Map(unknown.map((node, place) => [nameOf(node), answer.value[place]]))
    const hashes = nodes.map((node) => memory.get(nameOf(node)) ?? found.get(nameOf(node)))
    for (const [name, hash] of found) if (hash !== undefined) keep(memory, name, hash, HASHES)
    return { ok: true, value: hashes.filter((hash) => hash !== undefined) }
  }
}

const nameOf = ({ level, index }: TreeNode): string => `${level} ${index}`

/** A Map keeps insertion order: the first is the oldest. */
function keep<T>(memory: Map<string, T>, key: string, value: T, most: number): void {
  memory.set(key, value)
  const [oldest] = memory.keys()
  if (memory.size > most && oldest !== undefined) memory.delete(oldest)
}
