import type { BatchesSeen } from './batches.ts'
import type { CallCounts } from './calls.ts'
import { instant } from './problem.ts'

/** What a verifier came across without being able to say more. */
export interface Unchecked {
  readonly isEverything: boolean
  /** It is about a span of time. */
  readonly isSpan: boolean
  readonly hasEarlier: boolean
  readonly quorum: number
  readonly calls: CallCounts
  readonly grants: number
  readonly batches: BatchesSeen
  /** Writers that did not say that they were done. */
  readonly openWriters: number
  readonly unsealed: number
  /** Entries whose signature was not verified by itself. */
  readonly vouched: number
  /** Entries with private facts that are not in the bundle. */
  readonly privateLeft: number
  readonly sessions: { readonly notCompared: number; readonly notClosed: number }
  /** Leaves whose deletion was not compared. */
  readonly deletions: number
  readonly receipts: { readonly notDue: number; readonly elsewhere: number }
}

/** In sentences, what was not checked, or cannot be told from a bundle. */
export function uncheckedWords(of: Unchecked): readonly string[] {
  const { isEverything, calls, batches, sessions, receipts } = of
  const { longestPause: pause } = batches
  return [
    !of.hasEarlier &&
      'whether the log only ever grew: give an earlier checkpoint of it with --previous',
    of.quorum === 0 &&
      'whether everybody is shown the same log: the trust file asks for no witnesses',
    'whether BigQuery ran anything that has no entry: `sluice reconcile` compares that',
    of.grants > 0 &&
      'whether as many people approved as policy asks for: that is in the policy file',
    calls.leaveUnknown > 0 &&
      `whether ${n(calls.leaveUnknown, 'call')} had leave: what gave it is not in the bundle`,
    calls.open > 0 && `how ${n(calls.open, 'call')} ended: they have no end yet`,
    of.isSpan &&
      'whether all of the batch is here in which the time begins, and what came after the last batch in it',
    !isEverything && 'whether anything is in the log that the bundle is not about',
    sessions.notClosed > 0 &&
      `whether all of ${n(sessions.notClosed, 'session')} is here: nobody has counted the last entries yet`,
    sessions.notCompared > 0 &&
      `${n(sessions.notCompared, 'count')} of the entries of a session: some of them are outside of the bundle, or deleted`,
    isEverything &&
      of.openWriters > 0 &&
      `whether ${n(of.openWriters, 'writer')} wrote more in the end: they did not say that they were done`,
    of.vouched > 0 &&
      `the signatures of ${n(of.vouched, 'entry', 'entries')} by themselves: their writer signed stamps after them that name theirs`,
    of.unsealed > 0 &&
      `whether the log will hold ${n(of.unsealed, 'entry', 'entries')}: they are not sealed yet`,
    of.privateLeft > 0 &&
      `the private facts of ${n(of.privateLeft, 'entry', 'entries')}: they are not in the bundle`,
    of.deletions > 0 &&
      `whether the deletion of ${n(of.deletions, 'entry', 'entries')} is on the record: that is outside of the bundle`,
    receipts.notDue > 0 && `${n(receipts.notDue, 'receipt')}: not due when the bundle was made`,
    receipts.elsewhere > 0 &&
      `${n(receipts.elsewhere, 'receipt')}: of another log, or of another time than the bundle is about`,
    pause !== undefined &&
      `what the log looked like to others between ${instant(pause.from)} and ${instant(pause.to)}: no batch was sealed`,
  ].filter((words) => words !== false)
}

const n = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`
