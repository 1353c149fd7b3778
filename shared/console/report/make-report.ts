import type { Policy } from '../../policy/policy.ts'
import type { ExportPorts } from '../../recording/export/export-ports.ts'
import { exportedTree } from '../../recording/export/exported-tree.ts'
import type { SessionDocument } from '../../recording/search/search-document.ts'
import type { SearchIndex } from '../../recording/search/search-index.ts'
import { token } from '../../recording/search/token.ts'
import { timeOf } from '../calls/person-of.ts'
import { readHealth } from '../log/log-health.ts'
import type { LogPorts } from '../log/readable-log.ts'
import type { Span } from '../overview/buckets.ts'
import { newestCalls } from '../overview/newest-calls.ts'
import type { EvidenceReport } from '../views/review-view.ts'
import { controlsOf } from './controls.ts'
import { countTotals } from './count-totals.ts'
import { policiesInForce } from './policies-in-force.ts'
import { NOT_PROVED, proveSession } from './prove-session.ts'
import { limitsOf } from './report-limits.ts'
import { sampleSessions } from './sample-sessions.ts'
import { signOffsOf } from './sign-offs-of.ts'

/** What a report is made of. */
export interface ReportPorts extends LogPorts, Pick<ExportPorts, 'secrets'> {
  readonly index: Pick<SearchIndex, 'find' | 'count'>
  readonly onFailure: (cause: unknown) => void
}

const MOST_COUNTED = 100_000
const MOST_LOOKED_AT = 1_000
/** For all sessions of the sample together. */
const PROVE_MS = 20_000

type Sampled = EvidenceReport['sampled'][number]

/** The evidence for a span, under the policy in force. Rejects when record or index cannot be read. */
export async function makeReport(
  ports: ReportPorts,
  policy: Policy,
  span: Span,
  by: EvidenceReport['by'],
): Promise<EvidenceReport> {
  const { index } = ports
  const { totals, capped } = await countTotals(index, span, MOST_COUNTED)
  const { policies, isAll: isAllPolicies } = await policiesInForce(ports, span)
  const newest = await newestCalls(
    index,
    { tokens: [token('is', 'call')], ...span },
    MOST_LOOKED_AT,
  )
  const health = await readHealth(ports)
  const sample = await sampleSessions(index, span)
  const { note, sampled } = await proved(ports, sample.sampled)
  const proofs = sampled.flatMap((each) => each.proofs)
  const shown = {
    totals,
    policies: policies.length,
    masked: {
      calls: newest.calls.filter(({ masked, rows }) => masked.length > 0 && rows > 0).length,
      lookedAt: newest.calls.length,
    },
    treeSize: health.treeSize,
    witnesses: health.witnesses,
    proofs: { hold: proofs.filter(({ holds }) => holds).length, checked: proofs.length },
    record: policy.record,
  }
  return {
    from: timeOf(span.from),
    to: timeOf(span.to),
    madeAt: timeOf(ports.clock()),
    by,
    scope:
      'Every call that came to this Sluice in the period, whoever made it and whatever became of it.',
    origin: health.origin,
    checkpoint: note,
    log: health,
    policies,
    isAllPolicies,
    controls: controlsOf(shown),
    totals: { ...totals },
    capped,
    sessions: { seen: sample.seen, isAll: sample.isAll },
    sampled,
    signOffs: await signOffsOf(ports, span),
    limits: limitsOf({ sample, capped, lookedAt: newest, health }),
  }
}

async function proved(ports: ReportPorts, sessions: readonly SessionDocument[]) {
  const { log, index } = ports
  const tree = log && (await exportedTree({ ...ports, objects: log.objects }))
  const trust = await log?.trust()
  const giveUpAt = performance.now() + PROVE_MS
  const sampled: Sampled[] = []
  for (const document of sessions) {
    const { id } = document.session
    const count = (decision?: string) =>
      index.count(
        {
          tokens: [
            token('session', id),
            ...(decision === undefined ? [] : [token('decision', decision)]),
          ],
        },
        MOST_COUNTED,
      )
    const left = giveUpAt - performance.now()
    // oxlint-disable-next-line no-await-in-loop -- together they may take so long and no longer
    const proof =
      log === undefined || tree === undefined || trust === undefined || left <= 0
        ? NOT_PROVED
        : await proveSession({ ...ports, objects: log.objects }, { tree, trust }, id, left)
    sampled.push({
      session: id,
      principal: document.principal.email ?? document.principal.subject,
      at: timeOf(document.at),
      // oxlint-disable-next-line no-await-in-loop
      calls: await count(),
      // oxlint-disable-next-line no-await-in-loop
      denied: await count('deny'),
      // oxlint-disable-next-line no-await-in-loop
      held: await count('require-approval'),
      ...proof,
    })
  }
  return { note: tree?.note, sampled }
}
