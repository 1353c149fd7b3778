import type { Store } from '../../functions/open-store.ts'
import type { StoredEntry } from '../../shared/recording/entry-store.ts'
import type { Entry } from '../../shared/recording/entry.ts'

/** What happens to those who create an entry, before or after it is durable. */
export interface Fault {
  readonly when: 'before' | 'after'
  /** Undefined: any. */
  readonly type?: Entry['type'] | undefined
  /** `hang`: they are told nothing until they may go on. `fail`: they are told that it may or may not be durable. */
  readonly does: 'hang' | 'fail'
  /** How often; default: once. */
  readonly times?: number
}

/** A store of which tests decide when it fails. */
export interface FaultyStore {
  readonly store: Store
  /** From now on this happens, in place of what was to happen before. */
  next(fault: Fault | undefined): void
  /** Lets go on whatever hangs. */
  goOn(): void
}

/** A store that fails on demand. `onReached` hears each time somebody has come to where a fault is. */
export function faultyStore(store: Store, onReached: (fault: Fault) => void): FaultyStore {
  let fault: Fault | undefined
  let left = 0
  let hanging: (() => void)[] = []

  const perhaps = async (when: Fault['when'], { entry }: StoredEntry): Promise<void> => {
    const reached = fault
    if (reached?.when !== when || left === 0) return
    if (reached.type !== undefined && reached.type !== entry.type) return
    left -= 1
    onReached(reached)
    if (reached.does === 'fail') throw new Error(`the store does not answer`)
    await new Promise<void>((resolve) => {
      hanging.push(resolve)
    })
  }
  return {
    store: {
      ...store,
      entries: {
        ...store.entries,
        create: async (stored) => {
          await perhaps('before', stored)
          const created = await store.entries.create(stored)
          await perhaps('after', stored)
          return created
        },
      },
    },
    next: (given) => {
      fault = given
      left = given?.times ?? 1
    },
    goOn: () => {
      const all = hanging
      hanging = []
      for (const resolve of all) resolve()
    },
  }
}
