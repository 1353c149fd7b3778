import { randomBytes } from 'node:crypto'

import { ok } from '../../../shared/kernel/result.ts'
import { newCallId } from '../../../shared/recording/call-id.ts'
import type { EntryStore } from '../../../shared/recording/entry-store.ts'
import { recordOutcome } from '../../../shared/recording/record-outcome.ts'
import { recordRequest } from '../../../shared/recording/record-request.ts'
import type { Recorder } from '../../../shared/recording/recorder.ts'
import { writers } from '../../../shared/recording/writers.ts'
import {
  sampleDelivered,
  sampleFacts,
  samplePermit,
  sampleSession,
} from '../../support/sample-entries.ts'
import { ORIGIN, authority } from '../../support/sealing-world.ts'

/** A recorder on this store with everything real but where secrets are kept, and its session is open. */
export function benchRecorder(entries: EntryStore): Recorder {
  const secrets = new Map<string, Buffer>()
  return {
    entries,
    writers: writers({ log: ORIGIN, entries, authority, clock: Date.now }),
    secrets: {
      current: async (scope) => {
        const id = `${'day' in scope ? scope.day : scope.session}.1`
        const secret = secrets.get(id) ?? randomBytes(32)
        secrets.set(id, secret)
        return { id, secret }
      },
      find: unused,
      list: unused,
      erase: unused,
    },
    openSession: async () => ok(undefined),
    digestKey: randomBytes(32),
    clock: Date.now,
    random: randomBytes,
  }
}

/** Records calls one after the other: a request and its outcome, as the gateway does for an answer of a few rows. */
export function recordingCalls(recorder: Recorder): () => Promise<void> {
  const session = sampleSession()
  const permit = samplePermit()
  return async () => {
    const callId = newCallId(randomBytes)
    const startedAt = Date.now()
    const recorded = await recordRequest(recorder, {
      callId,
      permit,
      connection: 'main',
      session,
      facts: sampleFacts,
    })
    if (!recorded.ok) throw new Error(recorded.error.problem)
    const outcome = await recordOutcome(recorder, {
      recorded: recorded.value,
      session,
      startedAt,
      outcome: 'released',
      results: 'digest',
      delivery: sampleDelivered,
    })
    if (!outcome.ok) throw new Error(outcome.error.problem)
  }
}

const unused = (): Promise<never> => Promise.reject(new Error('nothing here asks for this'))
