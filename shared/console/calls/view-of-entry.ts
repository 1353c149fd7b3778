import { z } from '@hono/zod-openapi'

import { entryWords } from '../../recording/describe-entry.ts'
import type { KeptEntry } from '../../recording/entry-store.ts'
import type { EntryView } from '../views/call-view.ts'
import { timeOf } from './person-of.ts'
import type { VerifyEntry } from './verify-entry.ts'

const members = z.record(z.string(), z.unknown())

/** An entry as it is on the record, and whether it holds. Rejects as `verify` does. */
export async function viewOfEntry(kept: KeptEntry, verify: VerifyEntry): Promise<EntryView> {
  const { entry, committedAt, hash, stamp, bytes } = kept
  return {
    id: entry.id,
    type: entry.type,
    at: timeOf(entry.at),
    committedAt: timeOf(Math.floor(committedAt / 1000)),
    summary: entryWords(entry),
    hash,
    writer: stamp.stamp.writer,
    number: stamp.stamp.number,
    verification: await verify(kept),
    // What was written, not what this version makes of it.
    entry: members.parse(JSON.parse(bytes.toString())),
  }
}
