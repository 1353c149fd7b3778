import type { BundleReport } from '../../shared/recording/bundle/bundle-report.ts'
import { verifyBundle } from '../../shared/recording/bundle/verify-bundle.ts'
import { type Line, encodeBundle } from './record-bundle.ts'
import type { RecordLog } from './record-log.ts'

/** What a verifier says of a bundle, as far as tests ask. */
export interface Verdict extends Pick<
  BundleReport,
  'integrity' | 'completeness' | 'problems' | 'unchecked'
> {
  /** Of problems, in their order. */
  readonly kinds: readonly string[]
}

/** What is not even a bundle. */
const NOTHING: Verdict = {
  integrity: 'broken',
  completeness: 'not-checked',
  problems: [],
  unchecked: [],
  kinds: ['not-a-bundle'],
}

/** Verifies bytes, or lines with an end that fits them, with the trust of this log. */
export async function verdictOf(
  log: Pick<RecordLog, 'trust' | 'time'>,
  bundle: Buffer | readonly Line[],
  more: {
    readonly previous?: string
    readonly receipts?: readonly string[]
    readonly threads?: number
    readonly chained?: boolean
  } = {},
): Promise<Verdict> {
  const bytes = Buffer.isBuffer(bundle) ? bundle : encodeBundle(bundle)
  const report = await verifyBundle(inChunks(bytes), {
    trust: log.trust,
    now: log.time.now + 60_000,
    threads: more.threads ?? 0,
    chained: more.chained,
    previous: more.previous === undefined ? undefined : Buffer.from(more.previous),
    receipts: more.receipts,
  })
  if (!report.ok) return { ...NOTHING, kinds: [report.error.problem] }
  return { ...report.value, kinds: report.value.problems.map(({ kind }) => kind) }
}

/** Of sizes that cut lines anywhere. */
async function* inChunks(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_521) yield bytes.subarray(at, at + 65_521)
}
