import { memoryStore } from './memory-store.ts'
import { recorderParts } from './record-parts.ts'
import { sampleFacts, samplePermit, sampleSession } from './sample-entries.ts'

/** A recorder on a store that can fail, with a clock and randomness that tests own. */
export function recordingWorld() {
  const store = memoryStore()
  const time = { now: 1_790_000_000_000 }
  const sleeps: number[] = []
  let drawn = 0
  return {
    store,
    time,
    sleeps,
    recorder: {
      ...recorderParts(),
      entries: store.entries,
      clock: () => time.now,
      /** Never the same twice. */
      random: (bytes: number) => {
        const random = Buffer.alloc(bytes)
        random.writeUInt32BE((drawn += 1))
        return random
      },
      sleep: async (ms: number) => void sleeps.push(ms),
    },
  }
}

/** What `recordRequest` is given in tests that care about something else. */
export function sampleToRecord(callId: string, permit = samplePermit()) {
  return { callId, permit, connection: 'main', session: sampleSession(), facts: sampleFacts }
}
