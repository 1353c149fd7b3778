import { z } from 'zod'

import type { KeptProgress } from '../../recording/retention/retention-progress.ts'
import { changeRegister } from './change-register.ts'
import type { Registers } from './registers.ts'

const AT = { collection: 'retention', key: 'progress' } as const

const progress = z.strictObject({
  basis: z.string(),
  next: z.record(z.string(), z.int().nonnegative()),
})

/** `KeptProgress` on one register. */
export function registeredProgress(registers: Registers): KeptProgress {
  return {
    read: async () => {
      const found = await registers.read(AT.collection, AT.key)
      return found && progress.parse(JSON.parse(found.bytes.toString('utf8')))
    },
    write: (reached) =>
      changeRegister(registers, AT, () => ({
        after: Buffer.from(JSON.stringify(reached)),
        result: undefined,
      })),
  }
}
