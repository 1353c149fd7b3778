import { principalKey } from '../../identity/principal.ts'
import type { PartialScope } from '../bundle/bundle-line.ts'
import type { KeptEntry } from '../entry-store.ts'
import { sessionOf } from '../entry.ts'
import { type Batches, leavesOf, mayBeOf } from './batches.ts'
import type { ExportedTree } from './exported-tree.ts'
import { unsealedNow } from './unsealed-now.ts'

const PAGE = 500

/**
 * The entries of a call, of a session, or of all that somebody did, in no order; times of the scope aside. What others
 * decided about somebody's requests is theirs too; what they decided about the requests of others is not.
 */
export async function* listed(
  tree: ExportedTree,
  batches: Batches,
  { call, session, principal }: PartialScope,
): AsyncGenerator<KeptEntry> {
  if (call !== undefined) {
    const entries: KeptEntry[] = []
    for await (const kept of pagesOf(tree, { call })) entries.push(kept)
    const isTheirs = principal === undefined || entries.some((kept) => isBy(kept, principal))
    if (!isTheirs) return
    yield* entries.filter(({ entry }) => session === undefined || sessionOf(entry) === session)
    return
  }
  if (session !== undefined) {
    const opened = await tree.entries.get(openedId(session))
    if (principal !== undefined && (opened === undefined || !isBy(opened, principal))) return
    yield* pagesOf(tree, { session })
    return
  }
  if (principal === undefined) return
  for await (const kept of candidates(tree, batches)) {
    if (!isBy(kept, principal)) continue
    const { entry } = kept
    if (entry.type === 'session-opened') yield* pagesOf(tree, { session: entry.session.id })
    else yield kept
  }
}

async function* pagesOf(
  { entries }: ExportedTree,
  of: { readonly call: string } | { readonly session: string },
): AsyncGenerator<KeptEntry> {
  for (let before: string | undefined; ;) {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const page = await entries.list({ ...of, limit: PAGE, before })
    if (!page.ok) throw new Error('a cursor of ours does not hold')
    yield* page.value.entries
    before = page.value.before
    if (before === undefined) return
  }
}

/** Of what says whose it is outside of a session, and of every session the first entry. */
async function* candidates(tree: ExportedTree, batches: Batches): AsyncGenerator<KeptEntry> {
  const ids = (async function* () {
    const isWanted = mayBeOf('session-opened', 'audit-read', 'exported')
    for await (const { leaf } of leavesOf(tree, { from: 0, to: tree.size }, isWanted)) yield leaf.i
    for await (const { id } of unsealedNow(tree, batches)) if (UNSEALED.test(id)) yield id
  })()
  for await (const id of ids) {
    const kept = await tree.entries.get(id)
    if (kept !== undefined) yield kept
  }
}

const UNSEALED = /^(?:session~[a-z2-7]+~opened|audit~.*)$/

function isBy({ entry }: KeptEntry, principal: string): boolean {
  return (
    'principal' in entry &&
    entry.principal !== undefined &&
    principalKey(entry.principal) === principal
  )
}

function openedId(session: string): string {
  return `session~${session}~opened`
}
