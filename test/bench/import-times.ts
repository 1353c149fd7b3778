import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

import { median } from './statistics.ts'

/** What importing one thing costs in a fresh process; medians. */
export interface ImportRow {
  readonly what: string
  readonly ms: number
  readonly cpuMs: number
}

const ENTRY = 'functions/wiring.ts'
const ROUNDS = 3

/**
 * What the gateway imports before it serves: all of it, and each package of it alone. Packages share
 * parts, so they add up to more than they cost together.
 */
export async function measureImports({
  until,
  say,
}: {
  /** Each import is measured only once after this, as `performance.now()` counts. */
  readonly until: number
  readonly say: (progress: string) => void
}): Promise<readonly ImportRow[]> {
  say('imports: what the gateway needs before it serves')
  const { packages } = await importOnce(ENTRY)
  const rows: ImportRow[] = []
  for (const what of [ENTRY, ...packages]) {
    const runs: Imported[] = []
    for (let round = 1; round <= ROUNDS; round++)
      if (round === 1 || performance.now() < until) runs.push(await importOnce(what))
    const cpuMs = median(runs.map((run) => run.cpuMs))
    rows.push({ what, ms: median(runs.map((run) => run.ms)), cpuMs })
  }
  return rows.toSorted((a, b) => b.cpuMs - a.cpuMs)
}

/** What `functions/import-one.ts` says. */
export interface Imported {
  readonly ms: number
  readonly cpuMs: number
  /** What our own files asked for that is not ours. */
  readonly packages: readonly string[]
}

async function importOnce(what: string): Promise<Imported> {
  const child = fork(join(import.meta.dirname, 'functions/import-one.ts'), [what])
  const exited = once(child, 'exit')
  const [imported] = (await Promise.race([once(child, 'message'), exited])) as [Imported]
  await exited
  if (typeof imported !== 'object') throw new Error(`cannot import ${what}`)
  return imported
}
