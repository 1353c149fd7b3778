import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { registeredLogState } from '../../shared/adapters/registers/log-state.ts'
import type { Registers } from '../../shared/adapters/registers/registers.ts'
import type { EntryStore } from '../../shared/recording/entry-store.ts'
import { seal } from '../../shared/recording/log/seal.ts'
import { type SealedLog, usualLimits } from '../../shared/recording/log/sealed-log.ts'
import { tryThrice } from '../../shared/recording/try-thrice.ts'
import { writers } from '../../shared/recording/writers.ts'
import { memoryLogObjects } from '../support/memory-log.ts'
import { publishedLeaves, wrongWithLog } from '../support/sealed-leaves.ts'
import { ORIGIN, authority, authorityKey, logSigners, someEntry } from '../support/sealing-world.ts'
import type { OpenStore } from './entry-store.ts'

/** A store with everything that sealing takes of it. */
export interface SealedStore {
  readonly entries: EntryStore
  readonly registers: Registers
}

/** What is written on a real store is sealed, whoever writes and whoever seals at the same time. Each call opens an empty one. */
export function sealingContract(open: () => Promise<OpenStore<SealedStore>>): void {
  describe('a log over a store', () => {
    let store: OpenStore<SealedStore>
    beforeAll(async () => {
      store = await open()
      // The first of all requests to a store can take long.
      await tryThrice(() => store.port.entries.get('nobody'))
    })
    afterAll(() => store.close())

    test('has every entry once, though three seal while others write', async () => {
      const { entries, registers } = store.port
      const objects = memoryLogObjects()
      const clock = Date.now
      const writing = () => writers({ log: ORIGIN, entries, authority, clock })
      const sealer = (): SealedLog => ({
        entries,
        objects,
        state: registeredLogState(registers),
        signers: logSigners,
        writers: writing(),
        authorities: [{ publicKey: authorityKey }],
        witnesses: undefined,
        classesOf: async (all) => all.map(() => 'default'),
        clock,
        limits: { ...usualLimits, batch: { entries: 10, bytes: 1_000_000 } },
      })
      const sealers = [sealer(), sealer(), sealer()]
      const instances = [writing(), writing(), writing(), writing()]
      const ids = Array.from({ length: 60 }, (_, n) => `configuration~policy~${n}`)
      const write = async (id: string, n: number) =>
        instances[n % instances.length]?.use((writer) =>
          entries.create(someEntry(writer, id, clock())),
        )
      const [created] = await Promise.all([
        Promise.all(ids.map(write)),
        Promise.all(sealers.map(sealTwice)),
      ])
      expect(new Set(created)).toEqual(new Set(['created']))
      const last = sealer()
      for (let time = 0; time < 3; time += 1)
        // oxlint-disable-next-line no-await-in-loop -- the last time there is nothing left
        await seal(last)

      const leaves = (await publishedLeaves(objects)).map(({ leaf }) => leaf)
      const kinds = leaves.map(({ k }) => k)
      expect(kinds).not.toContain('invalid')
      const sealed = leaves.filter(({ k }) => k === 'configuration-changed')
      expect(sealed.map(({ i }) => i).toSorted()).toEqual(ids.toSorted())
      const raw = await entries.committed({ at: 0 }, 10_000)
      expect(leaves.map(({ i }) => i).toSorted()).toEqual(raw.map(({ id }) => id).toSorted())
      expect(await wrongWithLog(objects)).toEqual([])
      const { batches } = await seal({ ...last, limits: { ...usualLimits, heartbeatMs: 0 } })
      expect(batches[0]?.manifest).toMatchObject({ missing: [], invalid: [] })
    })
  })
}

async function sealTwice(log: SealedLog): Promise<void> {
  await seal(log)
  await seal(log)
}
