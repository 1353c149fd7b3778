import type { Clock } from '../shared/kernel/clock.ts'
import type { EntryStore } from '../shared/recording/entry-store.ts'

/** Whoever asks more often hears the same answer: nobody needs a token to ask. */
const REMEMBERED_MS = 1_000

/** Whether the store answers, asked at most once a second. Never rejects. */
export function storeReachable(
  entries: Pick<EntryStore, 'get'>,
  clock: Clock,
): () => Promise<boolean> {
  let asked = -Infinity
  let answer = Promise.resolve(false)
  return () => {
    const now = clock()
    if (now - asked >= REMEMBERED_MS) {
      asked = now
      answer = entries.get('readiness~request').then(
        () => true,
        () => false,
      )
    }
    return answer
  }
}
