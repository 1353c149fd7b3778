import { createHash } from 'node:crypto'

import { z } from 'zod'

import type { GrantId } from '../../approval/grant.ts'
import type { Grants } from '../../approval/grants.ts'
import { grantId } from '../grant-schema.ts'
import { changeRegister } from './change-register.ts'
import type { Registers } from './registers.ts'

const MOST_BOXES = 50

const ids = z.array(grantId)

/** `Grants.standFor` on registers, one for each key. */
export function standingKeeper(registers: Registers): Grants['standFor'] {
  return (key, id, instead) =>
    changeRegister(registers, at('standingGrants', key), (before) => {
      const [standing] = read(before)
      return standing === undefined || standing === instead
        ? { after: Buffer.from(JSON.stringify([id])), result: id }
        : { after: undefined, result: standing }
    })
}

/** The time boxes of each owner, newest first, in one register. */
export function boxKeeper(registers: Registers): Pick<Grants, 'keepBox' | 'boxesOf'> {
  return {
    keepBox: (owner, id) =>
      changeRegister(registers, at('timeBoxes', owner), (before) => {
        const kept = read(before)
        const more = kept.includes(id) ? undefined : [id, ...kept].slice(0, MOST_BOXES)
        return { after: more && Buffer.from(JSON.stringify(more)), result: undefined }
      }),
    boxesOf: async (owner) => {
      const { collection, key } = at('timeBoxes', owner)
      return read((await registers.read(collection, key))?.bytes)
    },
  }
}

function read(bytes: Buffer | undefined): readonly GrantId[] {
  return bytes === undefined ? [] : ids.parse(JSON.parse(bytes.toString('utf8')))
}

/** Keys may be long, and hold what no path may. */
function at(collection: string, key: string) {
  return { collection, key: createHash('sha256').update(key).digest('hex') } as const
}
