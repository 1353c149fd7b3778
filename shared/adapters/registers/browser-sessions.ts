import type { BrowserSessions } from '../../identity/sign-in/browser-sessions.ts'
import { changeRegister } from './change-register.ts'
import type { Registers } from './registers.ts'

const COLLECTION = 'browserSessions'
/** Longer than any session lasts: a removed one is not started again by somebody who read it before. */
const REMOVED_FOR_MS = 24 * 60 * 60_000

/** `BrowserSessions` on registers: one for each browser. What is removed leaves an empty one. */
export function registeredBrowserSessions(
  registers: Registers,
  clock: () => number,
): BrowserSessions {
  return {
    read: async (key) => textOf((await registers.read(COLLECTION, key))?.bytes),
    replace: (key, before, after, until) =>
      changeRegister(registers, { collection: COLLECTION, key }, (bytes) => {
        const isFree = bytes === undefined && before === undefined
        return isFree || (before !== undefined && textOf(bytes) === before)
          ? { after: Buffer.from(after), expiresAt: until, destroys: true, result: true }
          : { after: undefined, result: false }
      }),
    remove: (key) =>
      changeRegister(registers, { collection: COLLECTION, key }, () => ({
        after: Buffer.alloc(0),
        expiresAt: clock() + REMOVED_FOR_MS,
        destroys: true,
        result: undefined,
      })),
  }
}

function textOf(bytes: Buffer | undefined): string | undefined {
  return bytes === undefined || bytes.length === 0 ? undefined : bytes.toString('utf8')
}
