import { inTurn } from './in-turn.ts'
import type { Registers, WriteOptions } from './registers.ts'

/** Of a hundred who change one register at once, the last has its turn long before. */
const PATIENCE_MS = 20_000
const LONGEST_PAUSE_MS = 250

/** What becomes of a register. */
export interface Change<T> extends WriteOptions {
  /** The new value; undefined leaves it as it is. */
  readonly after: Buffer | undefined
  /** What to resolve with. */
  readonly result: T
}

/**
 * Writes what `change` makes of the value that is there, again when somebody else was faster. Rejects when
 * others are always faster.
 */
export function changeRegister<T>(
  registers: Registers,
  at: Address,
  change: (before: Buffer | undefined) => Change<T>,
): Promise<T> {
  // Those of one instance need not fight each other.
  return inTurn(registers, `${at.collection} ${at.key}`, () => compareAndSet(registers, at, change))
}

interface Address {
  readonly collection: string
  readonly key: string
}

async function compareAndSet<T>(
  registers: Registers,
  { collection, key }: Address,
  change: (before: Buffer | undefined) => Change<T>,
): Promise<T> {
  const giveUpAt = performance.now() + PATIENCE_MS
  for (let tries = 0; tries === 0 || performance.now() < giveUpAt; tries++) {
    // oxlint-disable-next-line no-await-in-loop -- each try depends on what the one before found
    const found = await registers.read(collection, key)
    const { after, result, ...options } = change(found?.bytes)
    if (after === undefined) return result
    const version = found?.version
    // oxlint-disable-next-line no-await-in-loop
    if (await registers.write(collection, key, after, { ...options, version })) return result
    // oxlint-disable-next-line no-await-in-loop -- others write the same: not all again at once
    await pause(Math.random() * Math.min(5 * 2 ** tries, LONGEST_PAUSE_MS))
  }
  throw new Error(`others keep writing \`${collection}\``)
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
