/** Something that is used while it is replaced: who has it keeps it, and it is freed after them. */
export interface Replaceable<T> {
  /** From now on `next` is used. The one before is freed once nobody uses it. */
  replace(next: T): void
  /** Does some work with one and the same value from its start to its end. */
  use<R>(work: (value: T) => R | Promise<R>): Promise<R>
  /** Frees the present one at once; resolves when all are free. */
  close(): Promise<void>
}

/** Starts with `first`; `free` is called once for each value. */
export function replaceable<T>(first: T, free: (value: T) => Promise<void>): Replaceable<T> {
  let current = leased(first, free)
  const held = new Set([current])
  return {
    replace: (next) => {
      const before = current
      current = leased(next, free)
      held.add(current)
      void before.freed.finally(() => held.delete(before))
      before.retire()
    },
    use: (work) => current.use(work),
    close: async () => {
      await Promise.all([...held].map((value) => value.end()))
    },
  }
}

function leased<T>(value: T, free: (value: T) => Promise<void>) {
  let users = 0
  let retired = false
  const idle = Promise.withResolvers<void>()
  const freed = idle.promise.then(() => free(value))
  const settle = (): void => {
    if (retired && users === 0) idle.resolve()
  }
  return {
    freed,
    retire: (): void => {
      retired = true
      settle()
    },
    end: (): Promise<void> => {
      idle.resolve()
      return freed
    },
    use: async <R>(work: (value: T) => R | Promise<R>): Promise<R> => {
      users += 1
      try {
        return await work(value)
      } finally {
        users -= 1
        settle()
      }
    },
  }
}
