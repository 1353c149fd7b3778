import type { ApprovalView } from '../../../approval-desk/api/approval-view.ts'
import { formatBytes } from '../../../approval-desk/bytes-and-cost.ts'
import { durationWords } from '../duration-words.ts'

/** Something to choose: as the API takes it, and for people. */
export interface Choice {
  readonly value: string
  readonly label: string
}

const MINUTE_MS = 60_000
const DURATIONS_MS = [15, 60, 240, 480, 1_440].map((minutes) => minutes * MINUTE_MS)
const SIZES = [2 ** 30, 10 * 2 ** 30, 100 * 2 ** 30, 2 ** 40]

/**
 * For how long and for how many bytes somebody may approve more than the query at hand; undefined where one of the terms
 * lets nobody do so. The last of each is the most that all of them allow.
 */
export function boxChoices({
  terms,
  estimatedBytes = 0,
}: ApprovalView):
  | { readonly durations: readonly Choice[]; readonly sizes: readonly Choice[] }
  | undefined {
  const caps = terms.flatMap(({ timeBox }) => timeBox ?? [])
  if (caps.length === 0 || caps.length < terms.length) return undefined
  const longestMs = Math.min(...caps.map((cap) => cap.longestMs))
  const maximumBytes = Math.min(...caps.map((cap) => cap.maximumBytes))
  // The query at hand is the first that the box has to hold.
  const sizes = SIZES.filter((size) => size < maximumBytes && size >= estimatedBytes)
  return {
    durations: [...DURATIONS_MS.filter((ms) => ms < longestMs), longestMs].map((ms) => ({
      value: `${Math.floor(ms / 1_000)}s`,
      label: durationWords(ms),
    })),
    sizes: [...sizes, maximumBytes].map((bytes) => ({
      value: String(bytes),
      label: formatBytes(bytes),
    })),
  }
}
