import { principalKey } from '../../identity/principal.ts'
import type { EntryStore } from '../entry-store.ts'

const PAGE = 500

/** What an erasure has to know of a session. */
export interface SessionContents {
  readonly session: string
  /** `principalKey` of whose it is; undefined when no entry says. */
  readonly principal: string | undefined
  /** Ids of the grants that its calls waited for, or ran under. */
  readonly grants: readonly string[]
}

/** Looks through all entries of a session. Rejects when the store cannot be reached. */
export async function sessionContents(
  entries: Pick<EntryStore, 'list'>,
  session: string,
): Promise<SessionContents> {
  const grants = new Set<string>()
  let principal: string | undefined
  for (let before: string | undefined; ;) {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const page = await entries.list({ session, limit: PAGE, before })
    if (!page.ok) throw new Error('a cursor of ours does not hold')
    for (const { entry } of page.value.entries) {
      if ('principal' in entry && entry.principal !== undefined)
        principal = principalKey(entry.principal)
      if (entry.type === 'request' && entry.grant !== undefined) grants.add(entry.grant)
    }
    before = page.value.before
    if (before === undefined) return { session, principal, grants: [...grants] }
  }
}
