import { isOpen } from '../../approval/hours.ts'
import { principalKey } from '../../identity/principal.ts'
import type { ReviewTerms } from '../../policy/review-terms.ts'
import { governedTables } from './governed-tables.ts'
import { hoursInWords, timeInWords } from './hours-in-words.ts'
import type { CallDocument, Flag } from './search-document.ts'
import type { IndexQuery } from './search-index.ts'
import { joined, token } from './token.ts'
import { isCut } from './tokens-of.ts'

/** How many calls there are, counted no further than `atMost`. */
export type CountCalls = (query: IndexQuery, atMost: number) => Promise<number>

/**
 * Why a call is worth a look: by what it did itself, and by the calls that began before it. The same for the same record, whenever
 * it is asked. Rejects as `count` does.
 */
export async function flagsOf(
  call: CallDocument,
  count: CountCalls,
  terms: ReviewTerms,
): Promise<readonly Flag[]> {
  const { principal } = call
  const wide = wideRead(call)
  if (principal === undefined) return wide
  const asked: Asked = { call, key: principalKey(principal), count, terms }
  if (call.decision === 'deny') return [...wide, ...(await repeatedDenials(asked))]
  if (call.outcome !== 'released' || call.dryRun) return wide
  return [
    ...wide,
    ...(await firstReads(asked)),
    ...offHours(asked),
    ...massRead(asked),
    ...(await splitQuery(asked)),
  ]
}

interface Asked {
  readonly call: CallDocument
  readonly key: string
  readonly count: CountCalls
  readonly terms: ReviewTerms
}

async function firstReads({ call, key, count }: Asked): Promise<readonly Flag[]> {
  const flags: Flag[] = []
  for (const table of governedTables(call)) {
    const before = { tokens: [token('reads', joined(key, table))], to: call.at }
    // oxlint-disable-next-line no-await-in-loop -- few, and nobody waits
    if ((await count(before, 1)) === 0)
      flags.push({ rule: 'first-read', why: `first read of \`${table}\`, which is governed` })
  }
  return flags
}

function offHours({ call, terms: { hours } }: Asked): readonly Flag[] {
  if (governedTables(call).length === 0 || isOpen(hours, call.at)) return []
  const why = `what is governed was read on ${timeInWords(hours.timeZone, call.at)}, usual is ${hoursInWords(hours)}`
  return [{ rule: 'off-hours', why }]
}

/** What is left out of the index must not hide that there was more. */
function wideRead(call: CallDocument): readonly Flag[] {
  if (!isCut(call)) return []
  const why = `more than search has room for, with ${call.columns.length} columns: not each of them finds this call`
  return [{ rule: 'wide', why }]
}

function massRead({ call, terms }: Asked): readonly Flag[] {
  const { massReadRows } = terms
  if (call.rows < massReadRows) return []
  return [
    { rule: 'mass-read', why: `${call.rows} rows left, worth a look from ${massReadRows} on` },
  ]
}

async function repeatedDenials({ call, key, count, terms }: Asked): Promise<readonly Flag[]> {
  const { denials, denialsWithinMs } = terms
  const tokens = [token('denied', key)]
  const found = await countWithin(count, tokens, call.at, denialsWithinMs)
  if (found < denials) return []
  return [
    { rule: 'repeated-denials', why: `${often(found)} denied in ${minutes(denialsWithinMs)}` },
  ]
}

async function splitQuery({ call, key, count, terms }: Asked): Promise<readonly Flag[]> {
  const { similarCalls, similarWithinMs } = terms
  const { fingerprint } = call
  const patterns = [
    ...(fingerprint === undefined
      ? []
      : [{ token: token('runs', joined(key, fingerprint)), what: 'the same statement' }]),
    ...call.tables.map((table) => ({
      token: token('reads', joined(key, table)),
      what: `\`${table}\` read`,
    })),
  ]
  for (const pattern of patterns) {
    // oxlint-disable-next-line no-await-in-loop -- the first that is found is enough
    const found = await countWithin(count, [pattern.token], call.at, similarWithinMs)
    if (found >= similarCalls) {
      const why = `${pattern.what} ${often(found)} in ${minutes(similarWithinMs)}`
      return [{ rule: 'split-query', why }]
    }
  }
  return []
}

/** How many are counted in a window, with the call itself. */
const MOST_COUNTED = 1_000

async function countWithin(
  count: CountCalls,
  tokens: readonly string[],
  at: number,
  withinMs: number,
): Promise<number> {
  return (await count({ tokens, from: at - withinMs, to: at }, MOST_COUNTED - 1)) + 1
}

function often(times: number): string {
  return times === MOST_COUNTED ? `${times} times or more` : `${times} times`
}

function minutes(ms: number): string {
  return `${Math.round(ms / 60_000)} minutes`
}
