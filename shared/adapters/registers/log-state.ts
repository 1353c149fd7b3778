import type { LogState } from '../../recording/log-state.ts'
import type { Registers } from './registers.ts'

const AT = { collection: 'logStates', key: 'record' } as const

/** A Firestore document holds 1 MiB. */
const MOST_BYTES = 900_000

/** `LogState` on one register. `write` rejects with `RangeError` for more than 900,000 bytes. */
export function registeredLogState(registers: Registers): LogState {
  return {
    read: () => registers.read(AT.collection, AT.key),
    write: async (bytes, version) => {
      if (bytes.length > MOST_BYTES)
        throw new RangeError(`what sealers share has at most ${MOST_BYTES} bytes`)
      return registers.write(AT.collection, AT.key, bytes, { version })
    },
  }
}
