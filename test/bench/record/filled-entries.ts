import { DatabaseSync } from 'node:sqlite'

import { encodeJob } from '../../../shared/adapters/job-codec.ts'
import { sqliteStore } from '../../../shared/adapters/sqlite/sqlite-store.ts'
import { base32 } from '../../../shared/kernel/base32.ts'
import { canonicalJson } from '../../../shared/kernel/canonical-json.ts'
import type { KeptEntry } from '../../../shared/recording/entry-store.ts'
import { sessionOf } from '../../../shared/recording/entry.ts'
import { sampleJob } from '../../support/sample-entries.ts'
import { arrayStore } from './array-store.ts'
import { benchRecorder, recordingCalls } from './recorded-calls.ts'

/** An entry of a call long ago, as its leaf has it. */
export interface FilledEntry {
  readonly id: string
  readonly type: string
  /** Epoch microseconds. */
  readonly committedAt: number
}

/** How far apart entries were committed. */
const APART_MICROS = 10_000
const ENTRIES_OF_SESSION = 100

/**
 * Makes a SQLite store with so many entries, two of each call, as calls an hour ago and before that would have left it, and
 * their jobs. All are one real call under other names: sizes, indexes and order are right, hashes and signatures
 * are not, which nobody who writes or seals what comes after reads again.
 */
export async function fillEntries(path: string, count: number): Promise<readonly FilledEntry[]> {
  const store = arrayStore()
  await recordingCalls(benchRecorder(store))()
  const templates = store.kept.slice(-2).map(templateOf)
  const jobBytes = encodeJob(sampleJob())
  sqliteStore(path).close()
  const database = new DatabaseSync(path)
  // A crash takes nothing that anybody would miss.
  database.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; BEGIN')
  const insertEntry = database.prepare(`
    INSERT INTO entries (id, call, session, at, bytes, stamp, signature, ciphertext, committed)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const insertJob = database.prepare(
    'INSERT INTO jobs (project_id, job_id, owner, at, bytes) VALUES (?, ?, ?, ?, ?)',
  )
  const start = (Date.now() - 3_600_000) * 1000 - count * APART_MICROS
  const filled = Array.from({ length: count }, (_, number): FilledEntry => {
    const template = templates[number % 2]
    if (template === undefined) throw new Error('nothing was recorded')
    const committedAt = start + number * APART_MICROS
    const at = Math.floor(committedAt / 1000)
    const call = idAt(Math.floor(number / 2), count / 2)
    const session = idAt(Math.floor(number / ENTRIES_OF_SESSION), count / ENTRIES_OF_SESSION)
    const { type, signature, ciphertext } = template
    const [id = '', text = '', stamp = ''] = template.renamed({ call, session, at })
    insertEntry.run(
      id,
      call,
      session,
      at,
      Buffer.from(text),
      stamp,
      signature,
      ciphertext,
      committedAt,
    )
    if (type === 'outcome') insertJob.run('acme', `job_${call}`, 'an owner', at, jobBytes)
    return { id, type, committedAt }
  })
  database.exec('COMMIT')
  database.close()
  return filled
}

/** Ids all over the place that random ones have, in about the order of their numbers: that makes them fast to insert. */
function idAt(number: number, of: number): string {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt32BE(Math.floor((number / Math.ceil(of)) * 2 ** 32))
  bytes.writeUInt32BE(number, 4)
  return base32(bytes)
}

/** An entry whose id, bytes and stamp can be had under other names. */
function templateOf({ entry, bytes, stamp, ciphertext }: KeptEntry) {
  const [ownCall = '', ownSession = ''] = [entry.call, sessionOf(entry)]
  const texts = [entry.id, bytes.toString(), canonicalJson(stamp.stamp)]
  return {
    type: entry.type,
    signature: stamp.signature,
    ciphertext: ciphertext ?? null,
    renamed: (names: { readonly call: string; readonly session: string; readonly at: number }) =>
      texts.map((text) =>
        text
          .replaceAll(ownCall, names.call)
          .replaceAll(ownSession, names.session)
          .replaceAll(`"at":${entry.at}`, `"at":${names.at}`),
      ),
  }
}
