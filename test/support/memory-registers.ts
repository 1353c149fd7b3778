import type { Register, Registers } from '../../shared/adapters/registers/registers.ts'

/** Registers that last as long as a test. */
export function memoryRegisters(): Registers {
  const kept = new Map<string, Register>()
  let writes = 0
  return {
    read: async (collection, key) => kept.get(`${collection} ${key}`),
    write: async (collection, key, bytes, { version }) => {
      const at = `${collection} ${key}`
      if (kept.get(at)?.version !== version) return false
      kept.set(at, { bytes, version: String((writes += 1)) })
      return true
    },
  }
}
