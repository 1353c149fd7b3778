import { randomBytes } from 'node:crypto'

import { registeredHolds } from '../../shared/adapters/registers/holds.ts'
import { registeredProgress } from '../../shared/adapters/registers/retention-progress.ts'
import { principalKey } from '../../shared/identity/principal.ts'
import { ok } from '../../shared/kernel/result.ts'
import { endCall } from '../../shared/recording/end-call.ts'
import type { EntryStore, KeptEntry } from '../../shared/recording/entry-store.ts'
import { type RequestEntry, sessionOf } from '../../shared/recording/entry.ts'
import { type Sealing, seal } from '../../shared/recording/log/seal.ts'
import { recordRefusal } from '../../shared/recording/record-refusal.ts'
import { type Recorder, createDurably } from '../../shared/recording/recorder.ts'
import {
  type RetentionPorts,
  applyRetention,
} from '../../shared/recording/retention/apply-retention.ts'
import { retentionClasses } from '../../shared/recording/retention/classes-of.ts'
import type { Session } from '../../shared/session/session.ts'
import { SAMPLE, policyOf } from '../unit/policy/sample-policy.ts'
import { memoryRegisters } from './memory-registers.ts'
import { recorderParts } from './record-parts.ts'
import { sampleCallId, sampleFacts, sampleRequest, sampleSession } from './sample-entries.ts'
import { checkpointIn } from './sealed-leaves.ts'
import { sealingWorld } from './sealing-world.ts'

export const DAY = 86_400_000
export const YEAR = 366 * DAY

const CLASSES = `
record:
  retention:
    classes:
      - { id: trials, keep: 90d, tables: acme.trials.* }
      - { id: claims, keep: 10y, tables: acme.hospital.claims }
      - { id: refused, keep: 30d, decisions: deny }
`

/** A log that is sealed by real sealers, and what retention does to it as time goes by. */
export function retentionWorld() {
  const world = sealingWorld()
  const registers = memoryRegisters()
  const holds = registeredHolds(registers)
  const knobs = { retention: policyOf(`${SAMPLE}${CLASSES}`).record.retention }
  const { store, objects } = world
  const entries: EntryStore = {
    ...store,
    // Everything, newest first: no test has more than a page.
    list: async ({ call, session }) => {
      const all = await Promise.all([...store.raw.keys()].map((id) => store.get(id)))
      const found = all
        .filter((kept) => kept !== undefined)
        .filter(
          ({ entry }) =>
            (call === undefined || entry.call === call) &&
            (session === undefined || sessionOf(entry) === session),
        )
      return ok({ entries: found.toSorted((a, b) => b.entry.at - a.entry.at), before: undefined })
    },
  }
  const classesOf = retentionClasses(entries, () => knobs.retention)
  const sealer = world.sealer({ classesOf })
  const recorder: Recorder = {
    ...recorderParts(),
    entries,
    writers: sealer.writers as Recorder['writers'],
    clock: () => world.now,
    random: (bytes) => randomBytes(bytes),
    sleep: async () => undefined,
  }
  const removed: string[] = []
  const ports = {
    ...recorder,
    holds,
    objects,
    progress: registeredProgress(registers),
    remove: async (ids: readonly string[]) => {
      for (const id of ids) store.take(id)
      removed.push(...ids)
    },
  }
  let calls = 0
  return {
    ...world,
    world,
    entries,
    objects,
    recorder,
    ports,
    holds,
    knobs,
    removed,
    later: (ms: number) => {
      world.now += ms
    },
    seal: (): Promise<Sealing> => {
      // What was stored just now is seen.
      world.now += 1_000
      return seal(sealer)
    },
    /** A call of Ana's that ended: the ids of its entries. */
    call: async (table: string, session: Session = sampleSession(), isOpen = false) => {
      const call = sampleCallId((calls += 1))
      const { entry, ciphertext } = sampleRequest({
        call,
        at: world.now,
        tables: [table],
        principal: { ...request.principal, subject: session.principal.subject },
        session: { ...request.session, id: session.id },
      })
      const created = await createDurably(recorder, entry, ciphertext)
      if (!created.ok || !('ours' in created.value)) throw new Error('not recorded')
      world.now += 1
      const { hash } = created.value.ours
      if (!isOpen)
        await endCall(
          recorder,
          { entry: entry as RequestEntry, hash },
          { outcome: 'failed', detail: 'x' },
        )
      world.now += 1
      return [`${call}~request`, `${call}~end`]
    },
    refusal: async () => {
      const refused = await recordRefusal(recorder, {
        facts: sampleFacts,
        session: sampleSession(),
        problem: 'denied',
        detail: '',
        decision: undefined,
        source: { address: undefined, userAgent: undefined },
      })
      if (!refused.ok) throw new Error('not recorded')
      world.now += 1
      return refused.value.entry.id
    },
    apply: (changed: Partial<RetentionPorts> = {}) =>
      applyRetention(
        { ...ports, ...changed },
        knobs.retention,
        checkpointIn(objects.stored.get('checkpoint')).size,
      ),
    has: (id: string | undefined) => store.raw.has(id ?? ''),
    ofType: async (type: string): Promise<readonly KeptEntry['entry'][]> => {
      const all = await Promise.all([...store.raw.keys()].map((id) => store.get(id)))
      return all.flatMap((kept) => (kept?.entry.type === type ? [kept.entry] : []))
    },
    archives: () => [...objects.stored.keys()].filter((path) => path.startsWith('archive/')),
  }
}

const request = sampleRequest().entry as RequestEntry

export const ANA = principalKey(sampleSession('ana').principal)
