import type { Clock } from '../kernel/clock.ts'
import { encodeEntry, stampEntry } from './encode-entry.ts'
import type { EntryStore, StoredEntry } from './entry-store.ts'
import { tellMissed } from './tell-missed.ts'
import { tryThrice } from './try-thrice.ts'
import type { WriterAuthority } from './writer-certificate.ts'
import { WRITER_LIFE_MS, type Writer, certifiedWriter } from './writer.ts'

/** The writer of this instance, whichever it is at the time. */
export interface Writers {
  /** Origin of the log that it writes for. */
  readonly log: string
  /**
   * What `work` makes with the writer in use, which is open on the record. `work` gets no writer that was
   * closed, and must not keep one to stamp with later. Rejects when no writer can be opened; it may be
   * tried again.
   */
  use<T>(work: (writer: Writer) => T): Promise<T>
  /** Says on the record that no more comes. When that fails, it is as if the instance had been killed. */
  close(): Promise<void>
}

/** What has to be remembered about one writer stays bounded. */
const MOST_NUMBERS = 1_000_000

/** Opens a writer on first use, and another one when it is used up. */
export function writers(options: WriterOptions): Writers {
  let opening: Promise<Opened> | undefined
  let retired: Writer | undefined
  let isClosed = false

  const open = (): Promise<Opened> => {
    opening ??= openWriter(options).catch((cause: unknown) => {
      opening = undefined
      throw cause
    })
    return opening
  }
  return {
    log: options.log,
    async use(work) {
      for (;;) {
        if (isClosed) throw new Error('no more is written here')
        const inUse = open()
        // oxlint-disable-next-line no-await-in-loop -- at most one turn more
        const { writer, until } = await inUse
        if (writer.next < MOST_NUMBERS && options.clock() < until) return work(writer)
        if (opening !== inUse) continue
        opening = undefined
        // What it stamped may still be under way; by the next time it is not.
        const before = retired
        retired = writer
        // oxlint-disable-next-line no-await-in-loop
        if (before !== undefined) await closeWriter(options, before)
      }
    },
    async close() {
      isClosed = true
      const last = await opening?.catch(() => undefined)
      for (const writer of [retired, last?.writer])
        // oxlint-disable-next-line no-await-in-loop
        if (writer !== undefined) await closeWriter(options, writer)
    },
  }
}

interface WriterOptions {
  readonly log: string
  readonly entries: Pick<EntryStore, 'create'>
  readonly authority: WriterAuthority
  readonly clock: Clock
  /** What runs, such as the revision of the function. */
  readonly instance?: string | undefined
  readonly sleep?: ((ms: number) => Promise<unknown>) | undefined
}

interface Opened {
  readonly writer: Writer
  /** Epoch milliseconds. */
  readonly until: number
}

async function openWriter(options: WriterOptions): Promise<Opened> {
  const { log, authority, clock, instance } = options
  const { writer, opened } = await certifiedWriter({ log, authority, clock, instance })
  await create(options, stampEntry(writer, encodeEntry(opened)))
  return { writer, until: opened.at + WRITER_LIFE_MS }
}

async function closeWriter(options: WriterOptions, writer: Writer): Promise<void> {
  const { id } = writer
  try {
    await tellMissed(options, writer)
    const closed = encodeEntry({
      v: 1,
      type: 'writer-closed',
      id: `writer~${id}~closed`,
      at: options.clock(),
      writer: id,
    })
    await create(options, stampEntry(writer, closed))
  } catch {
    // The record then shows a writer that never said it was done.
  }
}

async function create({ entries, sleep }: WriterOptions, stored: StoredEntry): Promise<void> {
  const created = await tryThrice(() => entries.create(stored), sleep)
  if (created !== 'created') throw new Error(`\`${stored.entry.id}\` is no new entry`)
}
