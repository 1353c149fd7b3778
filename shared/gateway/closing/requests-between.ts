import type { RequestOnRecord } from '../../recording/end-call.ts'
import type { EntryStore } from '../../recording/entry-store.ts'

const PAGE = 500

/**
 * Requests written from `from` on and before `to`, but for those that are known to have ended by then. Undefined
 * when there is too much in between to read at once.
 */
export async function requestsBetween(
  entries: EntryStore,
  from: number,
  to: number,
): Promise<readonly RequestOnRecord[] | undefined> {
  const requests: RequestOnRecord[] = []
  const ended = new Set<string>()
  for (let before: string | undefined; ;) {
    // oxlint-disable-next-line no-await-in-loop -- page by page
    const page = await entries.list({ limit: PAGE, until: to, before })
    if (!page.ok) throw new Error('a cursor that the store does not know')
    for (const { entry, hash } of page.value.entries) {
      if (entry.at < from) continue
      if (entry.type === 'request') requests.push({ entry, hash })
      if (entry.type === 'outcome') ended.add(entry.call)
    }
    const oldest = page.value.entries.at(-1)?.entry.at ?? 0
    before = page.value.before
    if (before === undefined || oldest < from)
      return requests.filter(({ entry }) => !ended.has(entry.call))
    // An instant cannot be halved.
    if (to - from > 1) return undefined
  }
}
