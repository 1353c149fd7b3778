import { z } from 'zod'

import type { Hold, Holds } from '../../recording/holds/holds.ts'
import { changeRegister } from './change-register.ts'
import type { Registers } from './registers.ts'

const AT = { collection: 'legalHolds', key: 'all' } as const
/** They fit into one register, so that whoever deletes sees all of them at once. */
const MOST_HOLDS = 1_000

const all = z.array(
  z.strictObject({
    id: z.string(),
    scope: z.strictObject({ session: z.string().optional(), principal: z.string().optional() }),
    by: z.string(),
    reason: z.string(),
    at: z.int(),
  }),
)

/** `Holds` on one register. */
export function registeredHolds(registers: Registers): Holds {
  return {
    list: async () => parse((await registers.read(AT.collection, AT.key))?.bytes),
    add: (hold) =>
      changeRegister(registers, AT, (before) => {
        const holds = parse(before)
        if (holds.some(({ id }) => id === hold.id)) return { after: undefined, result: undefined }
        if (holds.length >= MOST_HOLDS) throw new Error(`there are ${MOST_HOLDS} holds already`)
        return { after: encode([...holds, hold]), result: undefined }
      }),
    remove: (id) =>
      changeRegister(registers, AT, (before) => {
        const left = parse(before).filter((hold) => hold.id !== id)
        return { after: before && encode(left), result: undefined }
      }),
  }
}

function encode(holds: readonly Hold[]): Buffer {
  return Buffer.from(JSON.stringify(holds))
}

function parse(bytes: Buffer | undefined): readonly Hold[] {
  return bytes === undefined ? [] : all.parse(JSON.parse(bytes.toString('utf8')))
}
