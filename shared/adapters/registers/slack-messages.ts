import { z } from 'zod'

import type { GrantId } from '../../approval/grant.ts'
import type { SlackMessages } from '../../approval/slack-messages.ts'
import { changeRegister } from './change-register.ts'
import type { Registers } from './registers.ts'

const COLLECTION = 'slackMessages'
const KEPT_MS = 90 * 24 * 60 * 60_000
const CLAIM_MS = 60_000

const messages = z.array(
  z.strictObject({
    about: z.string(),
    claimedAt: z.int(),
    place: z.strictObject({ channel: z.string(), ts: z.string() }).optional(),
  }),
)

type Messages = z.infer<typeof messages>

/** `SlackMessages` on registers: one for each grant. */
export function registeredSlackMessages(registers: Registers): SlackMessages {
  const change = <T>(
    grant: GrantId,
    at: number,
    work: (before: Messages) => { readonly after: Messages | undefined; readonly result: T },
  ): Promise<T> =>
    changeRegister(registers, { collection: COLLECTION, key: grant }, (bytes) => {
      const { after, result } = work(parse(bytes))
      return {
        after: after && Buffer.from(JSON.stringify(after)),
        expiresAt: at + KEPT_MS,
        result,
      }
    })

  return {
    claim: (grant, about, at) =>
      change<'claimed' | 'under-way' | 'posted'>(grant, at, (before) => {
        const known = before.find((each) => each.about === about)
        if (known?.place !== undefined) return { after: undefined, result: 'posted' }
        if (known !== undefined && at - known.claimedAt < CLAIM_MS)
          return { after: undefined, result: 'under-way' }
        return { after: [...without(before, about), { about, claimedAt: at }], result: 'claimed' }
      }),
    posted: (grant, about, place, at) =>
      change(grant, at, (before) => {
        // Posted twice, after a claim that was void: the one that is known is kept.
        if (before.find((each) => each.about === about)?.place !== undefined)
          return { after: undefined, result: undefined }
        const after = [...without(before, about), { about, claimedAt: at, place: { ...place } }]
        return { after, result: undefined }
      }),
    release: (grant, about, at) =>
      change(grant, at, (before) => ({
        after: before.filter((each) => each.about !== about || each.place !== undefined),
        result: undefined,
      })),
    of: async (grant) => {
      const found = await registers.read(COLLECTION, grant)
      return parse(found?.bytes).flatMap(({ about, place }) =>
        place === undefined ? [] : [{ about, place }],
      )
    },
  }
}

function without(all: Messages, about: string): Messages {
  return all.filter((each) => each.about !== about)
}

function parse(bytes: Buffer | undefined): Messages {
  return bytes === undefined ? [] : messages.parse(JSON.parse(bytes.toString('utf8')))
}
