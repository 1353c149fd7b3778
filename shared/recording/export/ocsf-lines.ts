import type { KeptEntry } from '../entry-store.ts'
import { type Batches, batchesOf } from './batches.ts'
import type { ExportPorts, ExportRequest } from './export-ports.ts'
import type { ExportedTree } from './exported-tree.ts'
import { inGroups } from './in-groups.ts'
import { ocsfEvent } from './ocsf-event.ts'
import { openedFacts } from './opened-facts.ts'
import { select } from './selection.ts'

const AT_ONCE = 32

/**
 * One OCSF event for every call that was asked or refused in the scope, as NDJSON; the text of its SQL is the one without
 * values unless private facts are wanted. Nothing in it is signed. Rejects when log, store or secrets cannot be read.
 */
export async function* ocsfLines(
  ports: ExportPorts,
  tree: ExportedTree,
  { scope, withPrivate }: ExportRequest,
): AsyncGenerator<Buffer> {
  const batches = await batchesOf(tree)
  for await (const ids of inGroups(asked(tree, batches, scope), AT_ONCE)) {
    const events = await Promise.all(
      ids.map(async (id) => {
        const kept = await tree.entries.get(id)
        return kept && eventOf(ports, tree, kept, withPrivate)
      }),
    )
    for (const event of events)
      if (event !== undefined) yield Buffer.from(`${JSON.stringify(event)}\n`)
  }
}

/** Ids of the entries that calls begin with. */
async function* asked(
  tree: ExportedTree,
  batches: Batches,
  scope: ExportRequest['scope'],
): AsyncGenerator<string> {
  const selection = await select(tree, batches, scope)
  for await (const { leaf } of selection.sealed())
    if (leaf.k === 'request' || leaf.k === 'refusal') yield leaf.i
  for await (const { id } of selection.unsealed())
    if (id.endsWith('~request') || id.endsWith('~refusal')) yield id
}

async function eventOf(
  ports: ExportPorts,
  { entries, log }: ExportedTree,
  kept: KeptEntry,
  withPrivate: boolean,
) {
  const { entry, hash, bytes, ciphertext } = kept
  if (entry.type !== 'request' && entry.type !== 'refusal') return undefined
  const end = entry.type === 'request' ? await entries.get(`${entry.call}~end`) : undefined
  const outcome = end?.entry.type === 'outcome' ? end.entry : undefined
  const raw = { id: entry.id, bytes, ciphertext }
  const opened = withPrivate ? await openedFacts(ports.secrets, raw) : undefined
  return ocsfEvent({ asked: entry, hash, outcome, sql: sqlIn(opened?.facts) }, log)
}

function sqlIn(facts: string | undefined): string | undefined {
  const json: unknown = facts === undefined ? undefined : JSON.parse(facts)
  const sql: unknown =
    typeof json === 'object' && json !== null && 'sql' in json ? json.sql : undefined
  return typeof sql === 'string' ? sql : undefined
}
