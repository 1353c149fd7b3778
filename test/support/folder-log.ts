import { createPublicKey } from 'node:crypto'
import { join } from 'node:path'

import { folderObjects } from '../../shared/adapters/folder/folder-objects.ts'
import { recordKeyFile } from '../../shared/adapters/key-file/record-key-file.ts'
import { registeredLogState } from '../../shared/adapters/registers/log-state.ts'
import { sqliteStore } from '../../shared/adapters/sqlite/sqlite-store.ts'
import { type SealedLog, usualLimits } from '../../shared/recording/log/sealed-log.ts'
import { trustText } from '../../shared/recording/log/trust-text.ts'
import { writers } from '../../shared/recording/writers.ts'

const LOG = 'log.example/killed'

/** A log in a folder, entries in SQLite beside it: any number of processes may open it. */
export async function folderLog(folder: string) {
  const store = sqliteStore(join(folder, 'record.sqlite'))
  const { entries, registers } = store
  const keys = recordKeyFile(join(folder, 'record-keys.json'), LOG)
  const { authority } = keys
  const signers = await keys.log()
  const objects = folderObjects(join(folder, 'log'))
  const clock = Date.now
  const log: SealedLog = {
    entries,
    objects,
    state: registeredLogState(registers),
    signers,
    writers: writers({ log: LOG, entries, authority, clock }),
    authorities: [
      { publicKey: createPublicKey({ key: authority.publicKey, format: 'der', type: 'spki' }) },
    ],
    witnesses: undefined,
    classesOf: async (all) => all.map(() => 'default'),
    clock,
    limits: { ...usualLimits, batch: { entries: 5, bytes: 1_000_000 } },
  }
  const trust = trustText({ signers, authorities: [authority.publicKey], witnesses: undefined })
  return { store, objects, log, trust, close: () => store.close() }
}
