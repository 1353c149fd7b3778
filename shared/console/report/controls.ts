import type { RecordTerms } from '../../policy/record-terms.ts'
import type { EvidenceReport } from '../views/review-view.ts'
import type { Totals } from './count-totals.ts'

type Control = EvidenceReport['controls'][number]

/** What the evidence is made of. */
export interface Shown {
  readonly totals: Totals
  readonly policies: number
  /** Of the newest calls that were looked at: how many handed out rows under a mask. */
  readonly masked: { readonly calls: number; readonly lookedAt: number }
  readonly treeSize: number | undefined
  readonly witnesses: { readonly cosigned: number; readonly known: number } | undefined
  readonly proofs: { readonly hold: number; readonly checked: number }
  readonly record: RecordTerms
}

const DAY_MS = 24 * 60 * 60_000

/**
 * What Sluice does that helps towards controls others ask for, and what of the period shows it. It says of nothing that it is
 * met: that is for who audits. 45 CFR 164, AICPA trust services criteria, Regulation (EU) 2024/1689.
 */
export function controlsOf(shown: Shown): Control[] {
  const { totals, policies, masked, proofs, record } = shown
  const days = Math.floor(record.retention.defaultMs / DAY_MS)
  return [
    {
      id: 'access-control',
      control: 'Access control: helps towards HIPAA 164.312(a)(1), SOC 2 CC6.1',
      evidence: `every call is decided by policy before it runs, and what no rule permits is denied; ${policies} policies were in force. Counted: calls that were denied`,
      count: totals.denied,
    },
    {
      id: 'authentication',
      control: 'Person or entity authentication: helps towards HIPAA 164.312(d), SOC 2 CC6.1',
      evidence:
        'without a valid token of an issuer that policy trusts nothing reaches BigQuery. Counted: calls that were refused without a decision, such as for their token',
      count: totals.refused,
    },
    {
      id: 'approval',
      control: 'Access authorization: helps towards HIPAA 164.308(a)(4)(ii)(B), SOC 2 CC6.3',
      evidence:
        'what policy holds runs exactly as people approved it, or never; nobody approves their own. Counted: calls that needed approval',
      count: totals['needing approval'],
    },
    {
      id: 'minimum-necessary',
      control: 'Minimum necessary: helps towards HIPAA 164.502(b), 164.514(d)',
      evidence: `columns that policy masks leave masked only, whatever the SQL does on the way. Counted: calls that handed out masked columns, of the newest ${masked.lookedAt}`,
      count: masked.calls,
    },
    {
      id: 'audit-controls',
      control: 'Audit controls: helps towards HIPAA 164.312(b), SOC 2 CC7.2, EU AI Act article 12',
      evidence:
        'a call is on the record before BigQuery hears of it, and its outcome before anything leaves. Counted: calls',
      count: totals.calls,
    },
    {
      id: 'activity-review',
      control: 'Information system activity review: helps towards HIPAA 164.308(a)(1)(ii)(D)',
      evidence: `whoever reads the record is on it (${totals['reads of the record']} reads, ${totals.exports} exports). Counted: reviews that people signed`,
      count: totals.reviews,
    },
    {
      id: 'integrity',
      control: 'Integrity: helps towards HIPAA 164.312(c)(1), SOC 2 CC7.1',
      evidence: `entries are signed and sealed in a Merkle log${logWords(shown)}. Counted: entries of the sample below whose proof holds, of ${proofs.checked}`,
      count: proofs.hold,
    },
    {
      id: 'retention',
      control: 'Retention: helps towards HIPAA 164.316(b)(2)(i), which is about documentation',
      evidence: `by the policy of now entries are kept for ${days} days unless a class says otherwise, and what is on hold for longer; what is erased or deleted is said on the record (${totals.erasures} erasures). Counted: deletions by retention`,
      count: totals['retention deletions'],
    },
  ]
}

function logWords({ treeSize, witnesses }: Shown): string {
  if (treeSize === undefined) return ', which this environment does not have'
  const vouched =
    witnesses === undefined || witnesses.known === 0
      ? 'nobody else vouches for it'
      : `${witnesses.cosigned} of ${witnesses.known} witnesses cosigned it`
  return ` of ${treeSize} leaves; ${vouched}`
}
