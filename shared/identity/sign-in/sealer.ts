import { hkdfSync } from 'node:crypto'

import { EncryptJWT, errors, jwtDecrypt } from 'jose'
import type { z } from 'zod'

/** What sealed text is for; one kind never opens as another. */
type SealedKind = 'state' | 'code' | 'refresh' | 'console-sign-in' | 'browser-session'

/**
 * Keeps the state of a sign-in with the parties of it, encrypted and authenticated, so that any
 * instance of the gateway can go on with it and none has to remember it.
 */
export interface Sealer {
  /** `until`: epoch milliseconds; `undefined` for text that its issuer can take back. */
  readonly seal: (kind: SealedKind, content: object, until: number | undefined) => Promise<string>
  /** What was sealed, or `undefined`: not ours, of another kind, expired or not of that shape. */
  readonly open: <T>(
    kind: SealedKind,
    text: string,
    shape: z.ZodType<T>,
    now: number,
  ) => Promise<T | undefined>
}

/** Longest sealed text looked at; it holds a token of Sluice's and an issuer's refresh token at most. */
const MAX_SEALED_LENGTH = 48 * 1024

/** The first secret seals, all of them open. */
export function sealer(secrets: readonly [Uint8Array, ...Uint8Array[]], gateway: string): Sealer {
  const key = (secret: Uint8Array, kind: SealedKind): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', secret, '', `sluice sign-in ${kind} ${gateway}`, 32))

  return {
    seal: (kind, content, until) => {
      const sealed = new EncryptJWT({ content }).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      if (until !== undefined) sealed.setExpirationTime(Math.floor(until / 1000))
      return sealed.encrypt(key(secrets[0], kind))
    },
    open: async (kind, text, shape, now) => {
      if (text.length > MAX_SEALED_LENGTH) return undefined
      for (const secret of secrets) {
        try {
          // One secret after the other: usually there is one.
          // eslint-disable-next-line no-await-in-loop
          const { payload } = await jwtDecrypt(text, key(secret, kind), {
            keyManagementAlgorithms: ['dir'],
            contentEncryptionAlgorithms: ['A256GCM'],
            currentDate: new Date(now),
          })
          const parsed = shape.safeParse(payload['content'])
          return parsed.success ? parsed.data : undefined
        } catch (cause) {
          if (!(cause instanceof errors.JOSEError)) throw cause
        }
      }
      return undefined
    },
  }
}
