import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { sqliteStore } from '../../../shared/adapters/sqlite/sqlite-store.ts'
import type { SearchFilter } from '../../../shared/recording/search/search-filter.ts'
import type { SearchIndex } from '../../../shared/recording/search/search-index.ts'
import { search } from '../../../shared/recording/search/search.ts'
import { quantile } from '../statistics.ts'
import { fillIndex } from './fill-index.ts'
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

/** Milliseconds, and times the read of one document by its id. */
export interface Measured {
  readonly p50Ms: number
  readonly p95Ms: number
  readonly ratio: number
}

/** Searches in SQLite over what a million entries leave in the index: the first page and the fiftieth. */
export async function measureSearch(
  say: (progress: string) => void,
): Promise<readonly SearchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-search-'))
  const store = sqliteStore(join(folder, 'store.db'))
  try {
    const ids = await fillIndex(store.search, ENTRIES, say)
    const rows: SearchRow[] = []
    const base = await timesOf(async (turn) => {
      await store.search.get(ids[turn % ids.length] ?? '')
    })
    rows.push({
      what: 'a document by its id',
      found: 1,
      first: measured(base, base),
      fiftieth: undefined,
    })
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
  base: readonly number[],
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

async function timesOf(work: (turn: number) => Promise<void>): Promise<readonly number[]> {
  const times: number[] = []
  for (let turn = 0; turn < TIMES; turn += 1) {
    const before = performance.now()
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await work(turn)
    times.push(performance.now() - before)
  }
  return times
}

function measured(times: readonly number[], base: readonly number[]): Measured {
  const p50Ms = quantile(times, 0.5)
  return { p50Ms, p95Ms: quantile(times, 0.95), ratio: p50Ms / quantile(base, 0.5) }
}
