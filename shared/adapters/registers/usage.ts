import { createHash } from 'node:crypto'

import { z } from 'zod'

import { countDistinct, emptySketch, withDigests } from '../../policy/distinct-count.ts'
import type { Usage, UsageLimit } from '../../policy/usage.ts'
import { changeRegister } from './change-register.ts'
import type { Registers } from './registers.ts'

const COLLECTION = 'usage'
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

const used = z.strictObject({
  minute: z.int(),
  queries: z.int(),
  day: z.int(),
  bytes: z.number(),
  /** Calls whose bytes were added today. */
  billed: z.array(z.string()),
  /** base64; empty for none. */
  rows: z.string(),
  running: z.record(z.string(), z.int()),
})

type Used = z.infer<typeof used>

/** `Usage` on registers: one for each subject, with the current minute and day in it. */
export function registeredUsage(registers: Registers): Usage {
  const change = <T>(
    subject: string,
    at: number,
    work: (now: Used) => { readonly after: Used | undefined; readonly result: T },
  ): Promise<T> =>
    changeRegister(registers, { collection: COLLECTION, key: keyOf(subject) }, (before) => {
      const { after, result } = work(current(before, at))
      return {
        after: after && Buffer.from(JSON.stringify(after)),
        expiresAt: at + 2 * DAY_MS,
        result,
      }
    })

  return {
    start: async ({ call, at, expiresAt, limits }) => {
      const bySubject = [...Map.groupBy(limits, ({ subject }) => subject)]
      for (const [subject] of bySubject) {
        // oxlint-disable-next-line no-await-in-loop -- a principal and a few groups
        const now = await change(subject, at, (before) => ({ after: undefined, result: before }))
        const reached = limits.find((limit) => limit.subject === subject && isReached(now, limit))
        if (reached !== undefined) return { reached }
      }
      for (const [subject, own] of bySubject) {
        // oxlint-disable-next-line no-await-in-loop
        const reached = await change(subject, at, (now) => {
          const over = own.find((limit) => isReached(now, limit))
          return over === undefined
            ? { after: withQuery(now, call, expiresAt), result: undefined }
            : { after: undefined, result: over }
        })
        if (reached !== undefined) return { reached }
      }
      return 'started'
    },

    finish: (subject, call) =>
      change(subject, 0, (now) => {
        const { [call]: ended, ...running } = now.running
        return { after: ended === undefined ? undefined : { ...now, running }, result: undefined }
      }),

    addBytes: (subject, call, bytes, at) =>
      change(subject, at, (now) => ({
        after: now.billed.includes(call)
          ? undefined
          : { ...now, bytes: now.bytes + bytes, billed: [...now.billed, call].slice(-2_000) },
        result: undefined,
      })),

    addRows: (subject, digests, at) =>
      change(subject, at, (now) => {
        const before = sketchOf(now)
        const sketch = withDigests(before, digests)
        const same = Buffer.from(sketch).equals(before)
        const rows = Buffer.from(sketch).toString('base64')
        return { after: same ? undefined : { ...now, rows }, result: countDistinct(sketch) }
      }),
  }
}

/** What is there, in the minute and on the day of `at`; with 0, as it is. */
function current(bytes: Buffer | undefined, at: number): Used {
  const [minute, day] = [Math.floor(at / MINUTE_MS), Math.floor(at / DAY_MS)]
  const nothing = { minute, queries: 0, day, bytes: 0, billed: [], rows: '', running: {} }
  if (bytes === undefined) return nothing
  const before = used.parse(JSON.parse(bytes.toString('utf8')))
  if (at === 0) return before
  const running = Object.fromEntries(Object.entries(before.running).filter(([, end]) => end > at))
  return {
    // Clocks of instances differ: nothing goes back to an earlier minute or day.
    ...(before.day < day ? nothing : before),
    ...(before.minute < minute
      ? { minute, queries: 0 }
      : { minute: before.minute, queries: before.queries }),
    running,
  }
}

function isReached(now: Used, { meter, most }: UsageLimit): boolean {
  switch (meter) {
    case 'queries-per-minute':
      return now.queries >= most
    case 'concurrent-jobs':
      return Object.keys(now.running).length >= most
    case 'bytes-per-day':
      return now.bytes >= most
    case 'governed-rows-per-day':
      return countDistinct(sketchOf(now)) >= most
  }
}

function withQuery(now: Used, call: string, expiresAt: number): Used {
  return { ...now, queries: now.queries + 1, running: { ...now.running, [call]: expiresAt } }
}

function sketchOf({ rows }: Used): Uint8Array {
  return rows === '' ? emptySketch() : Uint8Array.from(Buffer.from(rows, 'base64'))
}

function keyOf(subject: string): string {
  return createHash('sha256').update(subject).digest('hex')
}
