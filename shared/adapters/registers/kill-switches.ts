import { z } from 'zod'

import type { KillSwitch, KillSwitches } from '../../policy/kill-switch.ts'
import { changeRegister } from './change-register.ts'
import type { Registers } from './registers.ts'

const AT = { collection: 'killSwitches', key: 'all' } as const

const switches = z.array(
  z.strictObject({
    scope: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('global') }),
      z.strictObject({ kind: z.literal('principal'), principal: z.string() }),
      z.strictObject({ kind: z.literal('dataset'), dataset: z.string() }),
    ]),
    reason: z.string(),
    by: z.string(),
    at: z.int(),
  }),
)

/** `KillSwitches` on one register. */
export function registeredSwitches(registers: Registers): KillSwitches {
  return {
    list: async () => {
      const found = await registers.read(AT.collection, AT.key)
      return found === undefined ? [] : parse(found.bytes)
    },
    set: (added) =>
      changeRegister(registers, AT, (before) => ({
        after: encode([...others(before, added.scope), added]),
        result: undefined,
      })),
    clear: (scope) =>
      changeRegister(registers, AT, (before) => {
        const left = others(before, scope)
        const had = before !== undefined && left.length < parse(before).length
        return { after: had ? encode(left) : undefined, result: had }
      }),
  }
}

function others(before: Buffer | undefined, scope: KillSwitch['scope']): readonly KillSwitch[] {
  const all = before === undefined ? [] : parse(before)
  return all.filter((each) => JSON.stringify(each.scope) !== JSON.stringify(scope))
}

function encode(all: readonly KillSwitch[]): Buffer {
  return Buffer.from(JSON.stringify(all))
}

function parse(bytes: Buffer): readonly KillSwitch[] {
  return switches.parse(JSON.parse(bytes.toString('utf8')))
}
