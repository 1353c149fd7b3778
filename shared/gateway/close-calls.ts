import type { RequestOnRecord } from '../recording/end-call.ts'
import type { OpenCall, Watermarks } from '../recording/watermarks.ts'
import { type ClaimedJob, claimedJobs } from './closing/claimed-jobs.ts'
import { type LookAt, closeCall } from './closing/close-call.ts'
import { requestsBetween } from './closing/requests-between.ts'
import { REPEATABLE_MS } from './end-of-call.ts'
import type { Ports } from './ports.ts'

const MINUTE_MS = 60_000
/** For a request that has just come in time; and clocks differ. */
const MARGIN_MS = 10 * MINUTE_MS
/** After a look that failed. */
const AGAIN_MS = 5 * MINUTE_MS
/** What fits into one register, several times. */
const MOST_OPEN = 5_000

/**
 * Gives every call an end that nobody else will give one: goes on through the record from where the last sweep
 * came to, up to what is so old that no handler of it is alive, and looks again at what was open. Several at once
 * do no harm. Rejects when the store cannot be reached; what could not be looked at is told to `onTrouble`, and
 * looked at again.
 */
export async function closeCalls(
  ports: Ports & { readonly watermarks: Watermarks },
  /** No new work is begun after so long. */
  { forMs = MINUTE_MS }: { readonly forMs?: number } = {},
): Promise<void> {
  const graceMs = Math.max(ports.hold.longestMs, REPEATABLE_MS) + MARGIN_MS
  const sweep = { ports, claimed: claimedJobs(ports.jobs), graceMs, stopAt: ports.clock() + forMs }
  await lookAgain(sweep, ports.watermarks)
  await goOn(sweep, ports.watermarks)
}

interface Sweep {
  readonly ports: Ports
  readonly claimed: ClaimedJob
  readonly graceMs: number
  readonly stopAt: number
}

async function lookAgain(sweep: Sweep, watermarks: Watermarks): Promise<void> {
  const { ports, stopAt } = sweep
  const { open } = await watermarks.read()
  const due = open.filter(({ lookAt }) => lookAt <= ports.clock())
  const seen: { readonly call: string; readonly lookAt: LookAt }[] = []
  for (const { call } of due.toSorted((a, b) => a.lookAt - b.lookAt)) {
    if (ports.clock() >= stopAt) break
    // oxlint-disable-next-line no-await-in-loop -- one at a time: nobody waits for it
    seen.push({ call, lookAt: await look(sweep, call, () => onRecord(ports, call)) })
  }
  if (seen.length > 0) await watermarks.revise(seen)
}

async function goOn(sweep: Sweep, watermarks: Watermarks): Promise<void> {
  const { ports, graceMs, stopAt } = sweep
  const end = ports.clock() - graceMs
  for (let stepMs = Infinity; ports.clock() < stopAt;) {
    // oxlint-disable-next-line no-await-in-loop -- each step from where the one before came to
    const { at: from, open } = await watermarks.read()
    const to = Math.min(end, from + stepMs)
    if (to <= from) return
    // oxlint-disable-next-line no-await-in-loop
    const requests = await requestsBetween(ports.entries, from, to)
    if (requests === undefined) {
      stepMs = Math.ceil((to - from) / 2)
      continue
    }
    const left: OpenCall[] = []
    for (const request of requests) {
      const { call } = request.entry
      // oxlint-disable-next-line no-await-in-loop
      const lookAt = await look(sweep, call, () => Promise.resolve(request))
      if (lookAt !== undefined) left.push({ call, lookAt })
    }
    // Those that are known end in a day, and make room: until then nobody forgets another.
    if (left.length > 0 && open.length + left.length > MOST_OPEN)
      throw new Error(`more than ${MOST_OPEN} calls are open`)
    // oxlint-disable-next-line no-await-in-loop
    await watermarks.advance(from, to, left)
    stepMs = (to - from) * 2
  }
}

/** One that fails keeps no other from its turn. */
async function look(
  { ports, claimed, graceMs }: Sweep,
  call: string,
  find: () => Promise<RequestOnRecord>,
): Promise<LookAt> {
  try {
    return await closeCall(ports, await find(), claimed, graceMs)
  } catch (cause) {
    ports.onTrouble(new Error(`call \`${call}\` could not be looked at`, { cause }))
    return ports.clock() + AGAIN_MS
  }
}

async function onRecord({ entries }: Ports, call: string): Promise<RequestOnRecord> {
  const found = await entries.get(`${call}~request`)
  if (found?.entry.type !== 'request') throw new Error('no request on the record')
  return { entry: found.entry, hash: found.hash }
}
