import type {
  Register,
  Registers,
  WriteOptions,
} from '../../shared/adapters/registers/registers.ts'

type Kept = Register & Pick<WriteOptions, 'listed'> & { readonly key: string }

/** Registers that last as long as a test. */
export function memoryRegisters(): Registers {
  const collections = new Map<string, Map<string, Kept>>()
  let writes = 0
  return {
    read: async (collection, key) => collections.get(collection)?.get(key),
    write: async (collection, key, bytes, { version, listed }) => {
      const kept = collections.get(collection) ?? new Map<string, Kept>()
      collections.set(collection, kept)
      if (kept.get(key)?.version !== version) return false
      kept.set(key, { key, bytes, version: String((writes += 1)), listed })
      return true
    },
    list: async (collection, group, limit, after) =>
      [...(collections.get(collection)?.values() ?? [])]
        .flatMap(({ key, listed }) => (listed?.group === group ? [{ key, at: listed.at }] : []))
        .filter((each) => after === undefined || isBefore(after, each))
        .toSorted((a, b) => (isBefore(a, b) ? -1 : 1))
        .slice(0, limit)
        .map(({ key }) => key),
  }
}

type Place = { readonly at: number; readonly key: string }

function isBefore(a: Place, b: Place): boolean {
  return a.at < b.at || (a.at === b.at && a.key < b.key)
}
