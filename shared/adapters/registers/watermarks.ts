import { z } from 'zod'

import type { Watermark, Watermarks } from '../../recording/watermarks.ts'
import { changeRegister } from './change-register.ts'
import type { Registers } from './registers.ts'

const AT = { collection: 'watermarks', key: 'calls' } as const

const watermark = z.strictObject({
  at: z.int(),
  open: z.array(z.strictObject({ call: z.string(), lookAt: z.int() })),
})

/** `Watermarks` on one register: what is open is kept with how far the sweep came, so neither is ahead. */
export function registeredWatermarks(registers: Registers): Watermarks {
  return {
    read: async () => parse((await registers.read(AT.collection, AT.key))?.bytes),
    advance: (from, to, open) =>
      changeRegister(registers, AT, (bytes) => {
        const before = parse(bytes)
        return before.at === from
          ? { after: encode({ at: to, open: [...before.open, ...open] }), result: true }
          : { after: undefined, result: false }
      }),
    revise: (calls) =>
      changeRegister(registers, AT, (bytes) => {
        const { at, open } = parse(bytes)
        const revised = new Map(calls.map(({ call, lookAt }) => [call, lookAt]))
        const left = open.flatMap((each) => {
          const lookAt = revised.has(each.call) ? revised.get(each.call) : each.lookAt
          return lookAt === undefined ? [] : [{ call: each.call, lookAt }]
        })
        return { after: encode({ at, open: left }), result: undefined }
      }),
  }
}

function encode(value: Watermark): Buffer {
  return Buffer.from(JSON.stringify(value))
}

function parse(bytes: Buffer | undefined): Watermark {
  return bytes === undefined
    ? { at: 0, open: [] }
    : watermark.parse(JSON.parse(bytes.toString('utf8')))
}
