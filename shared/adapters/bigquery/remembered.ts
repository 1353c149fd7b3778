import { LRUCache } from 'lru-cache'

import type { Clock } from '../../kernel/clock.ts'

/** An answer and how much room it takes, for how many milliseconds. */
export interface Memorable<T> {
  readonly value: T
  readonly bytes: number
  readonly ttlMs: number
}

interface Memory<T> extends Memorable<T> {
  readonly at: number
}

/**
 * `find`, which is asked once for all who wait for the same key, and then not again for a while. What it
 * rejects with is not remembered. At most `maxBytes` in all are kept.
 */
export function remembered<T>(
  clock: Clock,
  maxBytes: number,
): (key: string, find: () => Promise<Memorable<T>>) => Promise<T> {
  const memories = new LRUCache<string, Memory<T>>({
    maxSize: maxBytes,
    sizeCalculation: ({ bytes }, key) => 200 + key.length + bytes,
  })
  const pending = new Map<string, Promise<T>>()
  const ask = async (key: string, find: () => Promise<Memorable<T>>): Promise<T> => {
    try {
      // From when it was asked: what changes while BigQuery answers is not known for longer.
      const at = clock()
      const found = await find()
      memories.set(key, { ...found, at })
      return found.value
    } finally {
      pending.delete(key)
    }
  }
  return (key, find) => {
    const memory = memories.get(key)
    const age = memory === undefined ? 0 : clock() - memory.at
    // Fail closed: a clock that goes back must not keep a schema for ever.
    if (memory !== undefined && age >= 0 && age < memory.ttlMs) return Promise.resolve(memory.value)
    const asked = pending.get(key) ?? ask(key, find)
    pending.set(key, asked)
    return asked
  }
}
