import { type Result, err, ok } from '../../kernel/result.ts'
import type { BundleScope } from '../../recording/bundle/bundle-line.ts'
import type { BundleReport } from '../../recording/bundle/bundle-report.ts'
import type { Trust } from '../../recording/bundle/trust.ts'
import { verifyBundle } from '../../recording/bundle/verify-bundle.ts'
import { bundleLines } from '../../recording/export/bundle-lines.ts'
import type { ExportPorts } from '../../recording/export/export-ports.ts'
import type { ExportedTree } from '../../recording/export/exported-tree.ts'

/** How much is verified while somebody waits. */
export interface VerifyLimits {
  readonly leaves: number
  readonly ms: number
}

export const usualVerifyLimits: VerifyLimits = { leaves: 25_000, ms: 20_000 }

/**
 * Verifies a part of the record as it is stored now: the lines of a bundle are made, and verified as `sluice verify` does,
 * by the bytes and what is trusted alone. `on-line` is told every line on the way. An error when it takes longer than it
 * may. Rejects when log or store cannot be read.
 */
export async function verifyNow(
  ports: ExportPorts,
  {
    tree,
    trust,
    scope,
  }: { readonly tree: ExportedTree; readonly trust: Trust; readonly scope: BundleScope },
  { ms }: Pick<VerifyLimits, 'ms'>,
  onLine: (line: Buffer) => void = () => undefined,
): Promise<Result<BundleReport, 'took-too-long'>> {
  const giveUpAt = performance.now() + ms
  let isLate = false
  const made = bundleLines(ports, tree, { scope, withPrivate: false, previous: undefined })
  const inTime = async function* (): AsyncGenerator<Uint8Array> {
    for await (const line of made) {
      isLate = performance.now() > giveUpAt
      if (isLate) return
      onLine(line)
      yield line
    }
  }
  const report = await verifyBundle(inTime(), { trust, now: ports.clock(), threads: 0 })
  if (isLate) return err('took-too-long')
  // What is made here begins as a bundle does, and nothing else can keep it from being verified.
  if (!report.ok) throw new Error(report.error.words)
  return ok(report.value)
}
