import { parseCheckpoint } from '../../tlog/checkpoint.ts'
import { parseNote } from '../../tlog/parse-note.ts'
import { NEWEST_CHECKPOINT } from '../log/log-paths.ts'
import type { ReadObjects } from '../log/read-log.ts'
import type { ExportPorts } from './export-ports.ts'
import { rememberedObjects } from './remembered.ts'

/** The log as its newest checkpoint has it: an export is about this tree, however much is sealed meanwhile. */
export interface ExportedTree {
  /** Origin of the log. */
  readonly log: string
  /** At least 1. */
  readonly size: number
  /** The signed note. */
  readonly note: string
  readonly entries: ExportPorts['entries']
  readonly objects: ReadObjects
}

/**
 * The tree of now; undefined when nothing is sealed yet. Its signatures are for the reader of the export to verify.
 * Rejects when log or store cannot be read.
 */
export async function exportedTree({
  entries,
  objects,
}: Pick<ExportPorts, 'entries' | 'objects'>): Promise<ExportedTree | undefined> {
  const bytes = await objects.read(NEWEST_CHECKPOINT)
  if (bytes === undefined) return undefined
  const note = parseNote(bytes)
  const checkpoint = note.ok ? parseCheckpoint(note.value.text) : note
  if (!checkpoint.ok)
    throw new Error(`what is published is no checkpoint: \`${NEWEST_CHECKPOINT}\``)
  const { origin: log, size } = checkpoint.value
  if (size === 0) return undefined
  return { log, size, note: bytes.toString(), entries, objects: rememberedObjects(objects) }
}
