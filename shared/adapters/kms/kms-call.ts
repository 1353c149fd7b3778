import type { z } from 'zod'

import { type GoogleCallOptions, googleCall } from '../google-call.ts'
import { NoReply, type WholeReply } from '../whole-reply.ts'

/**
 * Calls a method of Cloud KMS: POST with a body, GET without. Resolves with what it answers, if that is of this shape.
 * Rejects with `NoReply` when there is no answer, and with an `Error` in words of ours when it refuses.
 * https://cloud.google.com/kms/docs/reference/rest
 */
export type KmsCall = <T>(path: string, shape: z.ZodType<T>, body?: object) => Promise<T>

/** Cloud KMS, as Sluice's own identity. */
export function kmsCall(options: GoogleCallOptions): KmsCall {
  const call = googleCall(CLOUD_KMS, options)
  return async (path, shape, body) => {
    const reply = await call(
      body === undefined
        ? { method: 'GET', path: `/v1/${path}` }
        : {
            method: 'POST',
            path: `/v1/${path}`,
            contentType: 'application/json',
            body: Buffer.from(JSON.stringify(body)),
          },
    )
    if (reply.status !== 200) throw refused(path, reply)
    const parsed = shape.safeParse(jsonOf(reply))
    if (!parsed.success) throw new NoReply(`cloud kms answers something else: \`${path}\``)
    return parsed.data
  }
}

const CLOUD_KMS = {
  name: 'cloud kms',
  url: new URL('https://cloudkms.googleapis.com'),
  maxBytes: 1024 * 1024,
  // Somebody waits for what is signed or encrypted.
  pausesMs: [100, 400, 1200],
}

/** What people have to do about it; other statuses are shown as they are. */
const WORDS: Readonly<Record<number, string>> = {
  400: 'the key is of another kind, or its version is not enabled',
  403: 'this account may not use it',
  404: 'there is no such key',
}

function refused(path: string, { status }: WholeReply): Error {
  return new Error(`cloud kms refuses \`${path}\`: ${WORDS[status] ?? `status \`${status}\``}`)
}

function jsonOf({ body }: WholeReply): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
