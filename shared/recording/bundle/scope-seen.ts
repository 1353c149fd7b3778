import { principalKey } from '../../identity/principal.ts'
import type { BundleScope } from './bundle-line.ts'
import type { CheckedEntry, CheckedLeaf } from './checked-line.ts'
import { type Report, missing } from './problem.ts'
import { sessionOf } from './session-counts.ts'

/** What a bundle is about, and whether anything in it is. */
export interface ScopeSeen {
  add(line: CheckedEntry | CheckedLeaf): void
  /** Whether everything that was committed from (inclusive) to (exclusive) is in it, epoch microseconds. */
  readonly holds: (from: number, to: number) => boolean
  /** Whether it is about a span of time and nothing else. */
  readonly isSpan: boolean
  /** Whether there is a bound in time, so that what belongs together may be cut. */
  readonly isCut: boolean
  finish(): void
}

export function scopeSeen(report: Report, scope: BundleScope): ScopeSeen {
  let isEmpty = true
  const partial = 'all' in scope ? {} : scope
  const { session, principal, call, from = -Infinity, to = Infinity } = partial
  const isCut = partial.from !== undefined || partial.to !== undefined
  const isIn = (line: CheckedEntry): boolean => {
    const { facts, committed } = line
    const who = 'principal' in facts ? facts.principal : undefined
    return (
      (session === undefined || sessionOf(facts) === session) &&
      (principal === undefined || (who !== undefined && principalKey(who) === principal)) &&
      (call === undefined || ('call' in facts && facts.call === call)) &&
      committed >= from * 1000 &&
      committed < to * 1000
    )
  }
  return {
    add(line) {
      if (isEmpty && (line.is === 'leaf' || isIn(line))) isEmpty = false
    },
    holds: (start, end) => call === undefined && start >= from * 1000 && end <= to * 1000,
    isSpan: isCut && session === undefined && principal === undefined && call === undefined,
    isCut,
    finish() {
      if (isEmpty)
        report(missing('scope-empty', {}, 'nothing in the bundle is what it says it is about'))
    },
  }
}
