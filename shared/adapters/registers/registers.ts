/** A small value that changes, and which of its versions it is. */
export interface Register {
  readonly bytes: Buffer
  /** Opaque; another one after every write. */
  readonly version: string
}

/**
 * What a vendor's store does for state that changes: usage, switches, tags. Both methods reject when the
 * store cannot be reached.
 */
export interface Registers {
  read(collection: string, key: string): Promise<Register | undefined>
  /**
   * Writes if the register is still at `version`, undefined for none; false when somebody else was faster.
   * What nobody wrote since `expiresAt` (epoch milliseconds) may be deleted.
   */
  write(
    collection: string,
    key: string,
    bytes: Buffer,
    options: { readonly version: string | undefined; readonly expiresAt?: number },
  ): Promise<boolean>
}

const MOST_TRIES = 40

/**
 * Writes what `change` makes of the value that is there, again when somebody else was faster. `change` returns
 * the new value, or undefined to leave it, and what to resolve with. Rejects when others are always faster.
 */
export async function changeRegister<T>(
  registers: Registers,
  { collection, key }: { readonly collection: string; readonly key: string },
  change: (before: Buffer | undefined) => {
    readonly after: Buffer | undefined
    readonly expiresAt?: number
    readonly result: T
  },
): Promise<T> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    // oxlint-disable-next-line no-await-in-loop -- each try depends on what the one before found
    const found = await registers.read(collection, key)
    const { after, expiresAt, result } = change(found?.bytes)
    if (after === undefined) return result
    const options = {
      version: found?.version,
      ...(expiresAt === undefined ? {} : { expiresAt }),
    }
    // oxlint-disable-next-line no-await-in-loop
    if (await registers.write(collection, key, after, options)) return result
    // oxlint-disable-next-line no-await-in-loop -- others write the same: not all again at once
    await new Promise((resolve) =>
      setTimeout(resolve, Math.random() * Math.min(5 * 2 ** tries, 200)),
    )
  }
  throw new Error(`others keep writing \`${collection}\``)
}
