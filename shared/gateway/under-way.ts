import { principalKey } from '../identity/principal.ts'
import type { Caller } from './caller.ts'
import type { InstanceMemory } from './instance-memory.ts'
import type { Refusal } from './refusal.ts'

/** Each held request has a connection to BigQuery of its own; nobody may take them all. */
export const MOST_UNDER_WAY = 128

/** Whether the caller has so many requests under way here that another one is refused. */
export function crowded(memory: InstanceMemory, { principal }: Caller): Refusal | undefined {
  const underWay = memory.underWay.get(principalKey(principal)) ?? 0
  return underWay < MOST_UNDER_WAY
    ? undefined
    : { problem: 'too-many-requests', most: MOST_UNDER_WAY }
}

/** Does some work as one of the caller's requests under way. */
export async function counted<T>(
  memory: InstanceMemory,
  { principal }: Caller,
  work: () => Promise<T>,
): Promise<T> {
  const key = principalKey(principal)
  memory.underWay.set(key, (memory.underWay.get(key) ?? 0) + 1)
  try {
    return await work()
  } finally {
    const left = (memory.underWay.get(key) ?? 1) - 1
    if (left === 0) memory.underWay.delete(key)
    else memory.underWay.set(key, left)
  }
}
