import type { LogView, VerdictView } from '../../shared/console/views/log-view.ts'
import type { EvidenceReport, Review } from '../../shared/console/views/review-view.ts'
import { PERSON, SESSION } from './console-fixtures.ts'

const FROM = '2026-10-01T00:00:00.000Z'
const TO = '2026-11-01T00:00:00.000Z'
const DIGEST = 'e3b0c442'.repeat(8)

/** A log that one of two witnesses has cosigned. */
export function aLog(changes: Partial<LogView> = {}): LogView {
  return {
    health: {
      state: 'behind',
      problems: ['1 witnesses cosigned the checkpoint, and 2 have to'],
      origin: 'acme.example/sluice',
      treeSize: 12_431,
      sealedAt: '2026-11-20T09:30:00.000Z',
      unsealed: 3,
      oldestUnsealedAt: '2026-11-20T09:30:10.000Z',
      witnesses: { cosigned: 1, known: 2, quorum: 2 },
    },
    checkpoint: `acme.example/sluice\n12431\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— acme.example/sluice Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n`,
    keys: ['acme.example/sluice+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
    witnesses: [
      { url: 'https://witness.example/a', key: 'a', cosigned: true },
      { url: 'https://witness.example/b', key: 'b', cosigned: false },
    ],
    batches: [
      {
        batch: 41,
        from: 12_400,
        size: 12_431,
        sealedAt: '2026-11-20T09:30:00.000Z',
        root: 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=',
        late: 0,
        invalid: 0,
        missing: 0,
      },
      {
        batch: 40,
        from: 12_380,
        size: 12_400,
        sealedAt: '2026-11-20T09:29:00.000Z',
        root: 'DsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=',
        late: 1,
        invalid: 1,
        missing: 2,
      },
    ],
    ...changes,
  }
}

/** What verifying came to: something was changed. */
export function aVerdict(changes: Partial<VerdictView> = {}): VerdictView {
  return {
    asked: { from: FROM, to: TO },
    from: '2026-10-20T00:00:00.000Z',
    to: TO,
    isAll: false,
    integrity: 'broken',
    completeness: 'unknown',
    entries: 24_990,
    leaves: 2,
    unsealed: 3,
    treeSize: 41_002,
    findings: ['entry `a~request` (leaf 7) is not what its leaf says'],
    furtherFindings: 4,
    unchecked: ['whether the log only grew since you looked: keep a checkpoint'],
    durationMs: 4_210,
    ...changes,
  }
}

/** A review of a part, by somebody whose words are not to be trusted. */
export function aReview(changes: Partial<Review> = {}): Review {
  return {
    id: 'k3m7c5t2v2n4p6r3w7x2y4zaab',
    at: '2026-11-02T08:00:00.000Z',
    reviewer: PERSON,
    from: FROM,
    to: TO,
    query: 'column=patients.ssn',
    verdict: 'findings',
    findings: '<script>alert(1)</script> two calls without a ticket',
    ...changes,
  }
}

/** Evidence for a month. */
export function aReport(changes: Partial<EvidenceReport> = {}): EvidenceReport {
  return {
    from: FROM,
    to: TO,
    madeAt: '2026-11-02T08:00:00.000Z',
    by: PERSON,
    scope: 'Every call that came to this Sluice in the period.',
    origin: 'acme.example/sluice',
    log: aLog().health,
    policies: [{ digest: DIGEST, from: '2026-09-20T00:00:00.000Z' }],
    isAllPolicies: true,
    controls: [
      {
        id: 'audit-controls',
        control: 'Audit controls: helps towards HIPAA 164.312(b), SOC 2 CC7.2',
        evidence: 'a call is on the record before BigQuery hears of it. Counted: calls',
        count: 14_210,
      },
    ],
    totals: { calls: 14_210, denied: 31, sessions: 100_000 },
    capped: ['sessions'],
    sessions: { seen: 10_000, isAll: false },
    sampled: [
      {
        session: SESSION,
        principal: 'ana@acme.example',
        at: '2026-10-03T09:00:00.000Z',
        calls: 12,
        denied: 1,
        held: 0,
        integrity: 'sound',
        completeness: 'complete',
        proofs: [
          { entry: 'a~request', leaf: 7, holds: true },
          { entry: 'a~end', holds: false },
        ],
        entries: 2,
      },
    ],
    signOffs: [aReview({ query: 'report', verdict: 'nothing-found', findings: '' })],
    limits: ['Counts come from an index over the record, which proves nothing.'],
    ...changes,
  }
}
