import type { Gateway } from '../../functions/wiring.ts'
import type { BundleReport } from '../../shared/recording/bundle/bundle-report.ts'
import { parseTrust } from '../../shared/recording/bundle/trust.ts'
import { verifyBundle } from '../../shared/recording/bundle/verify-bundle.ts'
import type { EntryStore, KeptEntry } from '../../shared/recording/entry-store.ts'
import { bundleLines } from '../../shared/recording/export/bundle-lines.ts'
import { exportedTree } from '../../shared/recording/export/exported-tree.ts'
import type { LogObjects } from '../../shared/recording/log-objects.ts'
import type { KeptRecord } from './kept-record.ts'

/** What somebody finds who seals a record, exports all of it and verifies that. */
export interface Audited {
  readonly report: BundleReport
  /** Kinds of problems, in their order. */
  readonly kinds: readonly string[]
  /** What is on the record, in the order of commits. */
  readonly kept: readonly KeptEntry[]
}

/** Seals a record by a gateway, exports it and verifies that, with the receipts that callers got. */
export async function audited(
  record: KeptRecord,
  { desk }: Gateway,
  receipts: readonly string[] = [],
): Promise<Audited> {
  let trust = ''
  await desk?.(async (work) => {
    trust = (await work.trust?.()) ?? ''
    await work.seal?.()
  })
  const { entries } = record.store()
  return auditedAsSealed({ entries, objects: record.objects, trust }, receipts)
}

/** Exports and verifies what is sealed. */
export async function auditedAsSealed(
  {
    entries,
    objects,
    trust: trustText,
  }: {
    readonly entries: EntryStore
    readonly objects: LogObjects
    /** The trust file. */
    readonly trust: string
  },
  receipts: readonly string[] = [],
): Promise<Audited> {
  const trust = parseTrust(trustText)
  if (!trust.ok) throw new Error(trust.error.join())
  const tree = await exportedTree({ entries, objects })
  if (tree === undefined) throw new Error('nothing is sealed')
  const ports = { entries, objects, secrets: { find: async () => undefined }, clock: Date.now }
  const wanted = { scope: { all: true }, withPrivate: false, previous: undefined } as const
  const report = await verifyBundle(bundleLines(ports, tree, wanted), {
    trust: trust.value,
    receipts,
    now: Date.now(),
    threads: 0,
  })
  if (!report.ok) throw new Error(report.error.words)
  const kinds = report.value.problems.map(({ kind }) => kind)
  return { report: report.value, kinds, kept: await everything(entries) }
}

/** All entries, in the order of commits. */
export async function everything(entries: EntryStore): Promise<readonly KeptEntry[]> {
  const kept: KeptEntry[] = []
  for (let before: string | undefined; ;) {
    const page = await entries.list({ limit: 500, before })
    if (!page.ok) throw new Error('a cursor of ours does not hold')
    kept.push(...page.value.entries)
    ;({ before } = page.value)
    if (before === undefined) return kept.toSorted((a, b) => a.committedAt - b.committedAt)
  }
}
