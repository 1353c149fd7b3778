import { createHash } from 'node:crypto'

import { z } from 'zod'

import type { PeopleSeen, SeenPerson } from '../../approval/people-seen.ts'
import { principalKey } from '../../identity/principal.ts'
import { changeRegister } from './change-register.ts'
import type { Registers } from './registers.ts'

const PEOPLE = 'peopleSeen'
const ADDRESSES = 'addressesSeen'
const KEPT_MS = 30 * 24 * 60 * 60_000
/** Whoever calls every second is not written down every second. */
const FRESH_MS = 5 * 60_000
/** One address has one person; some have two accounts. With more, nobody knows whose it is. */
const MOST_PER_ADDRESS = 20

const seen = z.strictObject({
  issuer: z.string(),
  subject: z.string(),
  groups: z.array(z.string()),
  /** SHA-256 of the address, hex. */
  address: z.string().optional(),
  at: z.int(),
})

type Seen = z.infer<typeof seen>

const owners = z.array(z.strictObject({ issuer: z.string(), subject: z.string() }))

/** `PeopleSeen` on registers: one for each principal, one for each address. Addresses are kept as digests. */
export function registeredPeople(registers: Registers): PeopleSeen {
  const find = async (who: { readonly issuer: string; readonly subject: string }) => {
    const found = await registers.read(PEOPLE, digest(principalKey(who)))
    return found && seen.parse(JSON.parse(found.bytes.toString('utf8')))
  }
  return {
    saw: async ({ issuer, subject, groups, email, actors }, at) => {
      if (actors.length > 0) return
      const address = email === undefined ? undefined : addressOf(email)
      const now: Seen = {
        issuer,
        subject,
        groups: [...groups],
        ...(address === undefined ? {} : { address }),
        at,
      }
      if (isFresh(await find(now), now)) return
      // First the address: a crash in between leaves an owner too many, who is asked for below.
      if (address !== undefined) await addOwner(registers, address, now)
      await changeRegister(
        registers,
        { collection: PEOPLE, key: digest(principalKey(now)) },
        (before) => {
          const known = before && seen.parse(JSON.parse(before.toString('utf8')))
          const older = known !== undefined && known.at > at
          return {
            after: older ? undefined : encode(now),
            expiresAt: at + KEPT_MS,
            result: undefined,
          }
        },
      )
    },

    byEmail: async (email) => {
      const address = addressOf(email)
      const found = await registers.read(ADDRESSES, address)
      if (found === undefined) return []
      const people = await Promise.all(
        owners.parse(JSON.parse(found.bytes.toString('utf8'))).map((owner) => find(owner)),
      )
      // An issuer may give an address to somebody else: whose latest token has another one lost it.
      return people.flatMap((each) => (each?.address === address ? [personOf(each)] : []))
    },

    groupsNow: async (issuer, subject) => {
      const found = await find({ issuer, subject })
      return found && { groups: found.groups, at: found.at }
    },
  }
}

function addOwner(registers: Registers, address: string, { issuer, subject, at }: Seen) {
  return changeRegister(registers, { collection: ADDRESSES, key: address }, (before) => {
    const known = before === undefined ? [] : owners.parse(JSON.parse(before.toString('utf8')))
    const others = known.filter((each) => each.issuer !== issuer || each.subject !== subject)
    const after = encode([...others, { issuer, subject }].slice(-MOST_PER_ADDRESS))
    return { after, expiresAt: at + KEPT_MS, result: undefined }
  })
}

function isFresh(before: Seen | undefined, now: Seen): boolean {
  return (
    before !== undefined &&
    now.at - before.at < FRESH_MS &&
    before.address === now.address &&
    JSON.stringify(before.groups) === JSON.stringify(now.groups)
  )
}

function personOf({ issuer, subject, groups, at }: Seen): SeenPerson {
  return { issuer, subject, groups, at }
}

function addressOf(email: string): string {
  return digest(email.toLowerCase())
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function encode(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value))
}
