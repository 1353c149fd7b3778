import { createHash } from 'node:crypto'

import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { RetentionTerms } from '../../policy/record-terms.ts'
import type { Hold, Holds } from '../holds/holds.ts'
import type { LogObjects } from '../log-objects.ts'
import type { Recorder } from '../recorder.ts'
import type { RemoveEntries } from './entry-removal.ts'
import { DEFAULT_CLASS, RECORD_CLASS } from './retention-class.ts'
import type { KeptProgress } from './retention-progress.ts'
import { sweepClass } from './sweep-class.ts'

/** What retention asks of the world. */
export interface RetentionPorts extends Recorder {
  readonly holds: Pick<Holds, 'list'>
  readonly objects: Pick<LogObjects, 'read' | 'remove'>
  readonly remove: RemoveEntries
  readonly progress: KeptProgress
}

const FIVE_MINUTES_MS = 5 * 60_000

/**
 * Deletes what is sealed, on no hold, and older than its class keeps: says so on the record, then removes it from the
 * store and from the archive. A call goes as a whole, two days after its class ended for its last entry. Leaves stay.
 * Several at once do no harm. One class that fails keeps no other from its turn. Rejects at the end with `AggregateError` when
 * one did: the next run goes on there. Begins nothing more after `forMs`.
 */
export async function applyRetention(
  ports: RetentionPorts,
  terms: RetentionTerms,
  /** Of the log as it is published; nothing behind it is looked at. */
  size: number,
  { forMs = FIVE_MINUTES_MS }: { readonly forMs?: number } = {},
): Promise<void> {
  const stopAt = ports.clock() + forMs
  const holds = await ports.holds.list()
  const basis = basisOf(terms, holds)
  const before = await ports.progress.read()
  let next = before?.basis === basis ? before.next : {}
  const failures: unknown[] = []
  const classes = [...terms.classes.map(({ id }) => id), DEFAULT_CLASS, RECORD_CLASS]
  for (const id of classes) {
    const run = {
      id,
      terms,
      holds,
      // Somebody may set a hold at any time.
      isStill: async () => basisOf(terms, await ports.holds.list()) === basis,
      from: next[id] ?? 0,
      size,
      stopAt,
      reached: async (index: number) => {
        next = { ...next, [id]: index }
        await ports.progress.write({ basis, next })
      },
    }
    try {
      // oxlint-disable-next-line no-await-in-loop -- one class after the other
      await sweepClass(ports, run)
    } catch (cause) {
      failures.push(cause)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'some could not be deleted')
}

function basisOf({ defaultMs, classes }: RetentionTerms, holds: readonly Hold[]): string {
  const text = canonicalJson({ defaultMs, classes, holds })
  return createHash('sha256').update(text).digest('hex')
}
