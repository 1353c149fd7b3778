import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { sqliteStore } from '../../../shared/adapters/sqlite/sqlite-store.ts'
import type { SearchFilter } from '../../../shared/recording/search/search-filter.ts'
import type { SearchIndex } from '../../../shared/recording/search/search-index.ts'
import { search } from '../../../shared/recording/search/search.ts'
import { median, quantile } from '../statistics.ts'
import { fillIndex } from './fill-index.ts'
import { generatedCallId } from './generated-calls.ts'
import { SEARCHES } from './searches.ts'

const ENTRIES = 1_000_000
const LIMIT = 50
const TIMES = 15
const LATE_PAGE = 50

/** How long one search takes. */
export interface SearchRow {
  readonly what: string
  /** Calls on the pages before the last that was measured. */
  readonly found: number
  readonly first: Measured
  /** Undefined where it has no such page. */
  readonly fiftieth: Measured | undefined
}

/** Milliseconds until it is there, of these of CPU, and times the read of one document by its id. */
export interface Measured {
  readonly p50Ms: number
  readonly p95Ms: number
  readonly cpuMs: number
  readonly ratio: number
}

/**
 * Searches in SQLite over what a million entries leave in the index: the first page and the fiftieth. The index is kept in
 * `file`, and used if it is there; it takes some ten minutes to make.
 */
export async function measureSearch(
  say: (progress: string) => void,
  file: string | undefined,
): Promise<readonly SearchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-search-'))
  const store = sqliteStore(file ?? join(folder, 'store.db'))
  try {
    if (((await store.search.upTo())?.at ?? 0) < ENTRIES)
      await fillIndex(store.search, ENTRIES, say)
    const rows: SearchRow[] = []
    const base = await timesOf(async (turn) => {
      const id = `call~${generatedCallId(turn * 997)}`
      if ((await store.search.get(id)) === undefined) throw new Error(`\`${id}\` is not there`)
    }, 20 * TIMES)
    const first = measured(base, base)
    rows.push({ what: 'a document by its id', found: 1, first, fiftieth: undefined })
    for (const [what, filter] of SEARCHES) {
      say(`search: ${what}`)
      // oxlint-disable-next-line no-await-in-loop -- one after the other: together they would disturb each other
      rows.push(await measureOne(store.search, what, filter, base))
    }
    return rows
  } finally {
    store.close()
    rmSync(folder, { recursive: true })
  }
}

async function measureOne(
  index: SearchIndex,
  what: string,
  filter: SearchFilter,
  base: Times,
): Promise<SearchRow> {
  const page = async (before: string | undefined) => {
    const found = await search(index, filter, { limit: LIMIT, before })
    if (!found.ok) throw new Error(found.error.problem)
    return found.value
  }
  const first = await timesOf(async () => {
    await page(undefined)
  })
  let last = await page(undefined)
  let found = last.documents.length
  for (let number = 2; number < LATE_PAGE && last.before !== undefined; number += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    last = await page(last.before)
    found += last.documents.length
  }
  const { before } = last
  if (before === undefined)
    return { what, found, first: measured(first, base), fiftieth: undefined }
  const late = await timesOf(async () => {
    await page(before)
  })
  return { what, found, first: measured(first, base), fiftieth: measured(late, base) }
}

/** Milliseconds, each by the clock and of CPU. */
type Times = readonly { readonly ms: number; readonly cpuMs: number }[]

async function timesOf(work: (turn: number) => Promise<void>, times = TIMES): Promise<Times> {
  const taken: { ms: number; cpuMs: number }[] = []
  for (let turn = 0; turn < times; turn += 1) {
    const cpu = process.cpuUsage()
    const before = performance.now()
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await work(turn)
    const ms = performance.now() - before
    const { user, system } = process.cpuUsage(cpu)
    taken.push({ ms, cpuMs: (user + system) / 1000 })
  }
  return taken
}

function measured(times: Times, base: Times): Measured {
  const all = times.map(({ ms }) => ms)
  const p50Ms = median(all)
  const ratio = p50Ms / median(base.map(({ ms }) => ms))
  return {
    p50Ms,
    p95Ms: quantile(all, 0.95),
    cpuMs: median(times.map((each) => each.cpuMs)),
    ratio,
  }
}
