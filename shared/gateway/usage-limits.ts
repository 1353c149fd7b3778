import { createHash } from 'node:crypto'

import { isList } from '../bigquery/json.ts'
import { parseJson } from '../bigquery/json.ts'
import { limitsFor } from '../policy/limits-for.ts'
import type { Meter, UsageLimit } from '../policy/usage.ts'
import type { Delivery } from '../recording/entry.ts'
import type { Caller } from './caller.ts'
import { lookUp } from './own-jobs.ts'
import type { Ports } from './ports.ts'
import type { Refusal } from './refusal.ts'

/** A query runs six hours at most; a policy that says nothing of time leaves it at that. */
const LONGEST_MS = 6 * 60 * 60_000

/** Counts a query that is about to start; the refusal when it may not. */
export async function startWithinLimits(
  ports: Ports,
  caller: Caller,
  call: string,
  jobTimeoutMs: number | undefined,
): Promise<Refusal | undefined> {
  const limits = limitsFor(caller.policy, caller.principal)
  if (limits.length === 0) return undefined
  const { at } = caller
  const expiresAt = at + (jobTimeoutMs ?? LONGEST_MS)
  const started = await lookUp(() => ports.usage.start({ call, at, expiresAt, limits }))
  if (!started.ok) return started.error
  return started.value === 'started' ? undefined : reached(started.value.reached)
}

/** Whether more rows of governed data may leave today; the refusal when not. */
export async function governedRowsLeft(ports: Ports, caller: Caller): Promise<Refusal | undefined> {
  for (const limit of limitsOn(caller, 'governed-rows-per-day')) {
    // oxlint-disable-next-line no-await-in-loop -- a principal and a few groups
    const counted = await lookUp(() => ports.usage.addRows(limit.subject, [], caller.at))
    if (!counted.ok) return counted.error
    if (counted.value >= limit.most) return reached(limit)
  }
  return undefined
}

/** Counts the rows of governed data in a page. Resolves before they leave. Throws when the store is down. */
export async function countGovernedRows(
  ports: Ports,
  caller: Caller,
  rows: Buffer | undefined,
): Promise<void> {
  const limits = limitsOn(caller, 'governed-rows-per-day')
  if (limits.length === 0 || rows === undefined) return
  const parsed = parseJson(rows.toString('utf8'))
  const digests = (isList(parsed) ? parsed : []).map((row) =>
    createHash('sha256').update(JSON.stringify(row)).digest(),
  )
  await Promise.all(limits.map(({ subject }) => ports.usage.addRows(subject, digests, caller.at)))
}

/** Ends what was counted as running, and adds what it billed. Throws when the store is down. */
export async function endWithinLimits(
  ports: Ports,
  caller: Limited & Pick<Caller, 'at'>,
  call: string,
  delivery:
    | Partial<Pick<Delivery, 'totalBytesBilled' | 'totalBytesProcessed' | 'cacheHit'>>
    | undefined,
): Promise<void> {
  const bytes = delivery?.totalBytesBilled ?? delivery?.totalBytesProcessed
  const billed = delivery?.cacheHit === true ? 0 : Number(bytes ?? 0)
  const running = limitsOn(caller, 'concurrent-jobs')
  const counting = billed > 0 ? limitsOn(caller, 'bytes-per-day') : []
  for (const { subject } of running)
    // oxlint-disable-next-line no-await-in-loop -- two changes of one register would only collide
    await ports.usage.finish(subject, call)
  for (const { subject } of counting)
    // oxlint-disable-next-line no-await-in-loop
    await ports.usage.addBytes(subject, call, billed, caller.at)
}

/** Who is limited, and by which policy. */
interface Limited extends Pick<Caller, 'policy'> {
  readonly principal: Parameters<typeof limitsFor>[1]
}

function limitsOn(caller: Limited, meter: Meter): readonly UsageLimit[] {
  return limitsFor(caller.policy, caller.principal).filter((limit) => limit.meter === meter)
}

const reached = ({ meter, most }: UsageLimit): Refusal => ({
  problem: 'limit-reached',
  meter,
  most,
})
