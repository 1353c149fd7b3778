import { z } from 'zod'

import type { PendingErasure, PendingErasures } from '../../recording/erasure/pending-erasures.ts'
import { changeRegister } from './change-register.ts'
import type { Registers } from './registers.ts'

const AT = { collection: 'pendingErasures', key: 'all' } as const

const all = z.array(
  z.strictObject({
    id: z.string(),
    at: z.int(),
    keys: z.array(z.string()),
    grants: z.array(z.string()),
  }),
)

/** `PendingErasures` on one register: hardly ever is there more than one. */
export function registeredErasures(registers: Registers): PendingErasures {
  return {
    list: async () => parse((await registers.read(AT.collection, AT.key))?.bytes),
    add: (erasure) =>
      changeRegister(registers, AT, (before) => ({
        after: encode([...parse(before), erasure]),
        result: undefined,
      })),
    remove: (id) =>
      changeRegister(registers, AT, (before) => ({
        after: before && encode(parse(before).filter((each) => each.id !== id)),
        result: undefined,
      })),
  }
}

function encode(erasures: readonly PendingErasure[]): Buffer {
  return Buffer.from(JSON.stringify(erasures))
}

function parse(bytes: Buffer | undefined): readonly PendingErasure[] {
  return bytes === undefined ? [] : all.parse(JSON.parse(bytes.toString('utf8')))
}
