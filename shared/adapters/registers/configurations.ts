import { z } from 'zod'

import type { Configurations } from '../../recording/configurations.ts'
import { changeRegister } from './change-register.ts'
import type { Registers } from './registers.ts'

const COLLECTION = 'configurations'

const noted = z.strictObject({ number: z.int().positive(), digest: z.string() })

/** `Configurations` on registers, one for each thing that is in force. */
export function registeredConfigurations(registers: Registers): Configurations {
  return {
    find: async (what) => parse((await registers.read(COLLECTION, what))?.bytes),
    noted: (what, next) =>
      changeRegister(registers, { collection: COLLECTION, key: what }, (bytes) => {
        const isNew = (parse(bytes)?.number ?? 0) < next.number
        return { after: isNew ? Buffer.from(JSON.stringify(next)) : undefined, result: undefined }
      }),
  }
}

function parse(bytes: Buffer | undefined) {
  return bytes && noted.parse(JSON.parse(bytes.toString('utf8')))
}
