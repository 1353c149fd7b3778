import { encodeBase64 } from '../../tlog/base64.ts'
import { emptyRange, extendRange, rootOf } from '../../tlog/compact-range.ts'
import { leafHash } from '../../tlog/hash.ts'
import type { CheckedEntry } from './checked-line.ts'
import type { EntryFacts, FactsOf } from './entry-facts.ts'
import { type Place, type Report, missing, quoted } from './problem.ts'

/** What sessions were said to have when they were closed, against what is here. */
export interface SessionCounts {
  add(entry: CheckedEntry): void
  /** `holds`: whether everything committed from (inclusive) to (exclusive) is in the bundle, epoch microseconds. */
  finish(options: {
    readonly holds: (from: number, to: number) => boolean
    readonly hasDeleted: boolean
  }): {
    /** Closings that were compared, and that could not be. */
    readonly compared: number
    readonly notCompared: number
    /** Sessions of which something is here that no closing counts. */
    readonly notClosed: number
  }
}

interface Member {
  /** Epoch microseconds. */
  readonly at: number
  readonly id: string
  /** Of the entry, hex. */
  readonly hash: string
}

export function sessionCounts(report: Report): SessionCounts {
  const members = new Map<string, Member[]>()
  const closings: { readonly closed: FactsOf<'session-closed'>; readonly place: Place }[] = []
  return {
    add({ id, index, committed, hash, facts }) {
      const session = sessionOf(facts)
      if (session === undefined) return
      if (facts.type === 'session-closed') closings.push({ closed: facts, place: { id, index } })
      const of = members.get(session)
      const member = { at: committed, id, hash }
      if (of === undefined) members.set(session, [member])
      else of.push(member)
    },
    finish({ holds, hasDeleted }) {
      let notCompared = 0
      const closedUntil = new Map<string, number>()
      for (const { closed, place } of closings) {
        const { session, from, to, count } = closed
        closedUntil.set(session, Math.max(to, closedUntil.get(session) ?? 0))
        const counted = (members.get(session) ?? []).filter(({ at }) => at >= from && at < to)
        if (!holds(from, to) || (hasDeleted && counted.length < count)) notCompared += 1
        else if (counted.length !== count || rootOver(counted) !== closed.root)
          report(
            missing(
              'session-differs',
              place,
              counted.length === count
                ? `session ${quoted(session)} had other entries when it was closed than are here`
                : `session ${quoted(session)} had ${count} entries when it was closed, and ${counted.length} are here`,
            ),
          )
      }
      const isOpen = ([session, of]: readonly [string, readonly Member[]]) =>
        of.some(({ at, id }) => at >= (closedUntil.get(session) ?? 0) && !id.includes('~closed~'))
      const notClosed = [...members].filter(isOpen).length
      return { compared: closings.length - notCompared, notCompared, notClosed }
    },
  }
}

/** The session an entry belongs to. */
export function sessionOf(facts: EntryFacts): string | undefined {
  if (!('session' in facts)) return undefined
  return typeof facts.session === 'string' ? facts.session : facts.session?.id
}

function rootOver(members: readonly Member[]): string {
  const hashes = members
    .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    .map(({ hash }) => leafHash(Buffer.from(hash, 'hex')))
  return encodeBase64(rootOf(extendRange(emptyRange, hashes)))
}
