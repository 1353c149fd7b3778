import type { Store } from '../../functions/open-store.ts'

/**
 * A store whose clock has gone on by `byMs` at the instant `since` (both in milliseconds): what becomes durable after that has a commit
 * time so much later. No test waits an hour for a sweep.
 */
export function laterStore(store: Store, since: number, byMs: number): Store {
  const jump = since * 1000
  const by = byMs * 1000
  const shifted = <T extends { readonly committedAt: number }>(kept: T): T =>
    kept.committedAt < jump ? kept : { ...kept, committedAt: kept.committedAt + by }
  const { entries } = store
  return {
    ...store,
    entries: {
      create: async (stored) => {
        const created = await entries.create(stored)
        return typeof created === 'string' ? created : { existing: shifted(created.existing) }
      },
      get: async (id) => {
        const found = await entries.get(id)
        return found && shifted(found)
      },
      list: async (query) => {
        const page = await entries.list(query)
        if (!page.ok) return page
        return { ok: true, value: { ...page.value, entries: page.value.entries.map(shifted) } }
      },
      committed: async ({ at, after }, limit) => {
        const place =
          at < jump ? { at, after } : at < jump + by ? { at: jump } : { at: at - by, after }
        return (await entries.committed(place, limit)).map(shifted)
      },
    },
  }
}
