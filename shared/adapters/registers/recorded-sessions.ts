import { z } from 'zod'

import type { RecordedSessions, SessionState } from '../../recording/sessions/recorded-sessions.ts'
import { changeRegister } from './change-register.ts'
import type { Registers } from './registers.ts'

const COLLECTION = 'recordedSessions'
const OPEN = 'open'

const state = z.strictObject({
  isOpen: z.boolean(),
  seenAt: z.int(),
  number: z.int().nonnegative(),
  from: z.int().nonnegative(),
})

/** `RecordedSessions` on registers, one for each session. */
export function registeredSessions(registers: Registers): RecordedSessions {
  return {
    find: async (session) => parse((await registers.read(COLLECTION, session))?.bytes),

    see: (session, at) =>
      changeRegister(registers, addressOf(session), (bytes) => {
        const before = parse(bytes) ?? { isOpen: false, seenAt: at, number: 0, from: 0 }
        const seenAt = Math.max(before.seenAt, at)
        return { ...kept({ ...before, isOpen: true, seenAt }), result: undefined }
      }),

    listOpen: (limit) => registers.list(COLLECTION, OPEN, limit),

    counted: (session, { number, seenAt }, to) =>
      changeRegister(registers, addressOf(session), (bytes) => {
        const before = parse(bytes)
        if (before === undefined || before.number !== number)
          return { after: undefined, result: undefined }
        const isOpen = before.isOpen && before.seenAt !== seenAt
        return { ...kept({ ...before, isOpen, number: number + 1, from: to }), result: undefined }
      }),
  }
}

function kept(value: SessionState) {
  const listed = value.isOpen ? { group: OPEN, at: value.seenAt } : undefined
  return { after: Buffer.from(JSON.stringify(value)), listed }
}

function parse(bytes: Buffer | undefined): SessionState | undefined {
  return bytes && state.parse(JSON.parse(bytes.toString('utf8')))
}

function addressOf(key: string) {
  return { collection: COLLECTION, key } as const
}
