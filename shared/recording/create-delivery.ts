import type { Result } from '../kernel/result.ts'
import { createPrivately } from './create-privately.ts'
import { type Delivered, type KeptResults, recordableDelivery, withoutBody } from './delivered.ts'
import type { Delivery, OutcomeEntry, PageEntry } from './entry.ts'
import type { PrivatePart } from './envelope.ts'
import { type RecordableSession, secretScope } from './recorded-caller.ts'
import type { Durable, Recorder, RecordingProblem } from './recorder.ts'

/** Writes the entry of a delivery; what the store cannot hold is kept as a digest. Throws as `createDurably` does. */
export async function createDelivery(
  recorder: Recorder,
  id: string,
  {
    session,
    delivery,
    results,
  }: {
    readonly session: RecordableSession
    readonly delivery: Delivered
    readonly results: KeptResults
  },
  entry: (kept: {
    readonly delivery: Delivery
    readonly private: PrivatePart
  }) => OutcomeEntry | PageEntry,
): Promise<Result<Durable, RecordingProblem>> {
  const opened = await recorder.openSession(session)
  if (!opened.ok) return opened
  const scope = secretScope(session)
  const write = (kept: ReturnType<typeof recordableDelivery>) =>
    createPrivately(recorder, scope, {
      id,
      facts: kept.facts,
      entry: (part) => entry({ delivery: kept.delivery, private: part }),
    })
  const kept = recordableDelivery(delivery, results, recorder.random)
  const created = await write(kept)
  return !created.ok && created.error.problem === 'entry-too-large' && kept.facts.body !== undefined
    ? write(withoutBody(kept))
    : created
}
