import { encodeBase64 } from '../../tlog/base64.ts'
import type { Chains } from './chains.ts'
import type { CheckedEntry, CheckedLeaf } from './checked-line.ts'
import type { FactsOf } from './entry-facts.ts'
import { type Place, type Problem, type Report, broken, entryAt, missing } from './problem.ts'
import { timeProblem } from './time-problem.ts'
import type { WholeTree } from './tree.ts'

/** At least every hour there is a batch. */
const HOUR_MS = 3_600_000

/** What batches say of the leaves before them. FORMAT.md §5. */
export interface Batches {
  /** Before it is added to `tree` and `chains`. */
  add(line: CheckedEntry | CheckedLeaf): void
  /** What is only wrong of entries that no manifest calls late. */
  finish(): BatchesSeen
}

export interface BatchesSeen {
  readonly batches: number
  /** The last one: index of its manifest, and when it was made, epoch milliseconds; undefined without any. */
  readonly last: { readonly index: number | undefined; readonly at: number } | undefined
  /** The longest time without a batch, if it was more than an hour: epoch milliseconds. */
  readonly longestPause: { readonly from: number; readonly to: number } | undefined
}

type Manifest = FactsOf<'sealed-batch'>

export function batches(
  report: Report,
  {
    tree,
    chains,
    holds,
    isSpan,
  }: {
    readonly tree: WholeTree | undefined
    readonly chains: Chains
    /** Whether everything committed from (inclusive) to (exclusive) is in the bundle, epoch microseconds. */
    readonly holds: (from: number, to: number) => boolean
    /** Whether the bundle is about a span of time and nothing else. */
    readonly isSpan: boolean
  },
): Batches {
  const heads = new Map<string, { readonly number: number; readonly stamp: string }>()
  const suspects = new Map<number, Problem>()
  let before:
    | { readonly manifest: Manifest; readonly at: number; readonly index: number | undefined }
    | undefined
  let current = emptyBatch()
  let total = 0
  let longestPause: { readonly from: number; readonly to: number } | undefined

  const addManifest = (manifest: Manifest, place: Place, at: number): void => {
    const say = (words: string): void =>
      report(broken('manifest-differs', place, `${entryAt(place)} ${words}`))
    const { index } = place
    if (index !== undefined && (manifest.size !== index + 1 || manifest.from > index))
      say('is at another place in the log than it says')
    for (const late of manifest.late) suspects.delete(late)
    if (before !== undefined && manifest.batch !== before.manifest.batch + 1)
      report(
        missing(
          'batch-missing',
          place,
          `batch ${manifest.batch} comes after batch ${before.manifest.batch}: what is between is not here`,
        ),
      )
    else if (before !== undefined && manifest.from !== before.manifest.size)
      say('does not begin where the batch before it ends')
    else if (before !== undefined && manifest.until < before.manifest.until)
      say('says that less was sealed than before')
    if (tree?.size() !== undefined) compare(manifest, say)
    const pause = longestPause === undefined ? HOUR_MS : longestPause.to - longestPause.from
    if (before !== undefined && at - before.at > pause) longestPause = { from: before.at, to: at }
    if (isSpan) countPresent(manifest, place)
    before = { manifest, at, index }
    current = emptyBatch()
    total += 1
  }
  /** Of a batch that a span of time holds all leaves are here; of one in which it begins, all after the first. */
  const countPresent = ({ batch, from, size, until, late }: Manifest, place: Place): void => {
    if (!holds(until, until + 1)) return
    const last = before?.manifest
    const isNext = last?.batch === batch - 1
    // A manifest is later than its leaves: that of leaves before this batch is in the time as well.
    if (!isNext && current.indices.some((index) => index < from))
      report(missing('batch-missing', place, `the manifest of batch ${batch - 1} is not here`))
    const isWhole = isNext && holds(last.until, until + 1)
    const here = current.indices.filter((index) => index >= from && !late.includes(index))
    const first = isWhole ? from : (here[0] ?? size - 1)
    const wanted = size - 1 - first - late.filter((index) => index >= first).length
    if (here.length < wanted)
      report(
        missing(
          'entry-missing',
          place,
          `batch ${batch} has ${wanted} leaves of the time that the bundle is about, and ${here.length} are here`,
        ),
      )
  }
  /** Everything about its leaves, which are all here. */
  const compare = (manifest: Manifest, say: (words: string) => void): void => {
    const root = tree?.root()
    if (root !== undefined && encodeBase64(root) !== manifest.root)
      say(`was made over other leaves than are here between leaf ${manifest.from} and it`)
    if (before === undefined && (manifest.batch !== 0 || manifest.from !== 0))
      say('is the first batch, and says that others came before it')
    if (!sameNumbers(manifest.late, current.late)) say('names other leaves late than came late')
    if (!sameNumbers(manifest.invalid, current.invalid))
      say('names other leaves invalid than are invalid')
    const named = new Map(manifest.writers.map((head) => [head.writer, head]))
    for (const writer of current.writers)
      if (!named.has(writer)) say(`does not name a writer that it has entries of`)
    for (const { writer, number, stamp } of manifest.writers) {
      const head = heads.get(writer)
      if (head?.number !== number || head.stamp !== stamp)
        say('names another number as the last of a writer than is here')
    }
    if (manifest.missing.some(({ writer, number }) => !chains.isMissing(writer, number)))
      say('says that numbers are missing that are not')
  }
  return {
    add(line) {
      const { id, index, committed } = line
      if (index === undefined) return
      const place = { id, index }
      const untimely = line.is === 'entry' ? timeProblem(line) : undefined
      if (untimely !== undefined) suspects.set(index, untimely)
      if (line.is === 'entry' && line.facts.type === 'sealed-batch')
        addManifest(line.facts, place, line.at)
      else {
        if (isSpan && holds(committed, committed + 1)) current.indices.push(index)
        if (committed < (before?.manifest.until ?? 0)) current.late.push(index)
        if (line.type === 'invalid') current.invalid.push(index)
        const { last } = current
        if (tree !== undefined && last !== undefined && isAfter(last, line))
          report(broken('order-wrong', place, `${entryAt(place)} is out of its order in the batch`))
        current.last = { committed, id }
        if (line.stamp !== undefined) current.writers.add(line.stamp.writer)
      }
      const { stamp } = line
      if (stamp !== undefined && stamp.number > (heads.get(stamp.writer)?.number ?? -1))
        heads.set(stamp.writer, { number: stamp.number, stamp: stamp.hash })
    },
    finish() {
      for (const problem of suspects.values()) report(problem)
      return {
        batches: total,
        last: before && { index: before.index, at: before.at },
        longestPause,
      }
    },
  }
}

/** What came since the last batch. */
function emptyBatch(): {
  readonly indices: number[]
  readonly late: number[]
  readonly invalid: number[]
  readonly writers: Set<string>
  last: { readonly committed: number; readonly id: string } | undefined
} {
  return { indices: [], late: [], invalid: [], writers: new Set(), last: undefined }
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((number, place) => number === b[place])
}

/** Leaves of a batch are in the order of commit time, then id. */
function isAfter(
  last: { readonly committed: number; readonly id: string },
  { committed, id }: { readonly committed: number; readonly id: string },
): boolean {
  return last.committed > committed || (last.committed === committed && last.id > id)
}
