import { rootOf } from '../../tlog/compact-range.ts'
import { type TreeEdge, rangeOfEdge } from '../../tlog/tree-edge.ts'
import type { SoundLeaf } from '../leaf.ts'
import type { Judged } from './judge-entries.ts'
import { untilAfter } from './manifest-of.ts'
import { membersOf } from './members.ts'
import type { ReadEntry } from './read-entry.ts'
import type { KnownWriter, SealerState } from './sealer-state.ts'
import { withNumber, withoutMissing } from './writer-numbers.ts'

type Known = ReadonlyMap<string, KnownWriter>

/** What is known of writers when these leaves are sealed too. */
export function writersAfter(before: Known, judged: readonly Judged[]): Known {
  const writers = new Map(before)
  for (const each of judged) {
    if (each.entry === undefined) continue
    const { entry, leaf, opens } = each
    count(writers, leaf)
    const known = writers.get(leaf.w)
    if (known?.numbers === undefined) continue
    const numbers = missedIn(entry).reduce(withoutMissing, known.numbers)
    writers.set(leaf.w, { certificate: opens ?? known.certificate, numbers })
  }
  return writers
}

/** What sealers share when a batch with this manifest is sealed, whose tree has this edge. */
export function stateAfter(
  sealed: {
    readonly state: SealerState
    readonly judged: readonly Judged[]
    readonly writers: Known
    /** Of the manifest. */
    readonly leaf: SoundLeaf
    readonly overlapMs: number
    readonly waitingFrom: number
  },
  edge: TreeEdge,
): SealerState {
  const { state, judged, leaf, overlapMs, waitingFrom } = sealed
  const until = untilAfter(state, judged)
  const covered = Math.max(state.covered, Math.min(until, waitingFrom) - overlapMs * 1000)
  const last = judged.reduce((latest, each) => Math.max(latest, each.leaf.c), 0)
  const recent = [...state.recent, ...(judged.length === 0 ? [] : [{ from: state.size, last }])]
  const stillRead = recent.findIndex((each) => each.last >= covered)
  const writers = new Map(sealed.writers)
  count(writers, leaf)
  return {
    size: edge.size,
    root: rootOf(rangeOfEdge(edge)),
    batches: state.batches + 1,
    until,
    sealedAt: Math.floor(leaf.c / 1000),
    covered,
    recent: recent.slice(stillRead < 0 ? recent.length : stillRead),
    writers: new Map([...writers].filter(([, known]) => !isOver(known, covered))),
  }
}

function count(writers: Map<string, KnownWriter>, { w, n, s }: SoundLeaf): void {
  const { certificate, numbers } = writers.get(w) ?? { certificate: undefined, numbers: undefined }
  writers.set(w, { certificate, numbers: withNumber(numbers, n, s) })
}

/** Whether nothing that is read from a commit time on, epoch microseconds, can be of this writer. */
function isOver({ certificate }: KnownWriter, covered: number): boolean {
  return certificate !== undefined && (certificate.until + 1) * 1000 <= covered
}

/** The numbers of its own that a writer says will not be found. */
function missedIn({ type, members, stamp }: ReadEntry): readonly number[] {
  if (type !== 'writer-gap' || members.get('writer') !== stamp.writer) return []
  const missed = members.get('missed')
  return (Array.isArray(missed) ? missed : []).flatMap((each: unknown) => {
    const number = membersOf(each)?.get('number')
    return typeof number === 'number' && number < stamp.number ? [number] : []
  })
}
