import type { BundleReport } from '../../recording/bundle/bundle-report.ts'
import { parseLine } from '../../recording/bundle/parse-line.ts'
import type { Trust } from '../../recording/bundle/trust.ts'
import type { ExportPorts } from '../../recording/export/export-ports.ts'
import type { ExportedTree } from '../../recording/export/exported-tree.ts'
import { verifyNow } from '../log/verify-now.ts'
import type { EvidenceReport } from '../views/review-view.ts'

type Sampled = EvidenceReport['sampled'][number]
type Proved = Pick<Sampled, 'integrity' | 'completeness' | 'proofs' | 'entries'>

const MOST_PROOFS = 50

/** What is said of a session that was not verified. */
export const NOT_PROVED: Proved = {
  integrity: 'not-verified',
  completeness: 'unknown',
  proofs: [],
  entries: 0,
}

/** Verifies all of a session as `sluice verify` does, in at most so many milliseconds. Rejects as `verifyNow` does. */
export async function proveSession(
  ports: ExportPorts,
  log: { readonly tree: ExportedTree; readonly trust: Trust },
  session: string,
  ms: number,
): Promise<Proved> {
  const found: { readonly entry: string; readonly leaf: number | undefined }[] = []
  const report = await verifyNow(ports, { ...log, scope: { session } }, { ms }, (bytes) => {
    const line = parseLine(bytes.toString().trimEnd())
    if (line?.t === 'entry') found.push({ entry: idOf(line.entry), leaf: line.index })
    if (line?.t === 'unsealed') found.push({ entry: idOf(line.entry), leaf: undefined })
  })
  if (!report.ok) return NOT_PROVED
  const { integrity, completeness } = report.value
  const holds = holdsIn(report.value)
  return {
    integrity,
    completeness: completeness === 'not-checked' ? 'unknown' : completeness,
    proofs: found.slice(0, MOST_PROOFS).map((each) => ({ ...each, holds: holds(each.leaf) })),
    entries: found.length,
  }
}

/** What is in no tree has no proof. A problem that is about no leaf speaks against all of them, as do those that are left out. */
function holdsIn({
  problems,
  furtherProblems,
}: BundleReport): (leaf: number | undefined) => boolean {
  const broken = problems.filter(({ verdict }) => verdict === 'integrity')
  const general = furtherProblems > 0 || broken.some(({ index }) => index === undefined)
  const leaves = new Set(broken.map(({ index }) => index))
  return (leaf) => leaf !== undefined && !general && !leaves.has(leaf)
}

function idOf(entry: string): string {
  const value: unknown = JSON.parse(entry)
  const id: unknown =
    typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined
  return typeof id === 'string' ? id : ''
}
