import { z } from 'zod'

import type { ReconciledUpTo } from '../../recording/reconcile/reconciled-up-to.ts'
import { changeRegister } from './change-register.ts'
import type { Registers } from './registers.ts'

const AT = { collection: 'watermarks', key: 'reconciled' } as const

const kept = z.strictObject({ at: z.int() })

/** `ReconciledUpTo` on one register. */
export function registeredReconciledUpTo(registers: Registers): ReconciledUpTo {
  return {
    read: async () => parse((await registers.read(AT.collection, AT.key))?.bytes),
    advance: (to) =>
      changeRegister(registers, AT, (bytes) => ({
        after: to > parse(bytes) ? Buffer.from(JSON.stringify({ at: to })) : undefined,
        result: undefined,
      })),
  }
}

function parse(bytes: Buffer | undefined): number {
  return bytes === undefined ? 0 : kept.parse(JSON.parse(bytes.toString('utf8'))).at
}
