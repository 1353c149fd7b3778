import type { LogObjects } from '../../shared/recording/log-objects.ts'
import type { LogState } from '../../shared/recording/log-state.ts'

/** When what a port is asked for happens: at once, later, never, or without anybody hearing of it. */
export type Gate = <T>(effect: () => T) => Promise<T>

const atOnce: Gate = async (effect) => effect()

/** `LogObjects` as long as a test, with everything in them by path. */
export interface MemoryLogObjects extends LogObjects {
  readonly stored: ReadonlyMap<string, Buffer>
  /** Every checkpoint that was the newest one at some time. */
  readonly replaced: readonly Buffer[]
}

export function memoryLogObjects(gate: Gate = atOnce): MemoryLogObjects {
  const stored = new Map<string, Buffer>()
  const replaced: Buffer[] = []
  return {
    stored,
    replaced,
    create: (path, bytes) =>
      gate(() => {
        const found = stored.get(path)
        if (found !== undefined) return found.equals(bytes) ? 'created' : 'conflict'
        stored.set(path, Buffer.from(bytes))
        return 'created'
      }),
    read: (path) => gate(() => stored.get(path)),
    replace: (path, bytes) =>
      gate(() => {
        stored.set(path, Buffer.from(bytes))
        replaced.push(Buffer.from(bytes))
      }),
    remove: (path) =>
      gate(() => {
        stored.delete(path)
      }),
  }
}

/** `LogState` as long as a test. */
export function memoryLogState(gate: Gate = atOnce): LogState & { readonly writes: () => number } {
  let state: { readonly bytes: Buffer; readonly version: string } | undefined
  let writes = 0
  return {
    writes: () => writes,
    read: () => gate(() => state),
    write: (bytes, version) =>
      gate(() => {
        if (state?.version !== version) return false
        writes += 1
        state = { bytes: Buffer.from(bytes), version: String(writes) }
        return true
      }),
  }
}
