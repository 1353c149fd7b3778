import { registered } from '../../shared/adapters/registers/registered.ts'
import type { SharedStore } from './approval-office.ts'
import { memoryRegisters } from './memory-registers.ts'
import { memoryStore } from './memory-store.ts'

/** Memory that several instances share. */
export async function sharedMemory(): Promise<SharedStore> {
  const { entries, jobs } = memoryStore()
  const registers = memoryRegisters()
  return {
    // A handle of its own for each: they share what is kept, and nothing else.
    connect: async () => ({ entries, jobs, ...registered({ ...registers }) }),
    close: () => {},
  }
}
