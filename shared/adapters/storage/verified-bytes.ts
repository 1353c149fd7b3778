import { z } from 'zod'

import type { WholeReply } from '../whole-reply.ts'
import { checksumOf } from './upload-request.ts'

/** An object as it is stored. */
interface Stored {
  readonly bytes: Buffer
  /** Changes with every write. */
  readonly generation: string
}

/** The object in an answer. Throws for one that is not what its checksum says, or has none. */
export function verifiedBytes(path: string, { headers, body }: WholeReply): Stored {
  const [, checksum] =
    /(?:^|,) *crc32c=([A-Za-z0-9+/]{6}==)/.exec(headers.get('x-goog-hash') ?? '') ?? []
  const generation = headers.get('x-goog-generation') ?? ''
  // Fail closed: half of an object, or one that a cache changed, would pass for what is stored.
  if (checksum !== checksumOf(body) || !/^[1-9][0-9]{0,18}$/.test(generation))
    throw new Error(`what cloud storage sent is not what it stored: \`${path}\``)
  return { bytes: body, generation }
}

const storedObject = z.object({ bucket: z.string(), name: z.string(), crc32c: z.string() })

/** Whether an answer to an upload says of exactly this object that it is stored. */
export function isStored(
  { body }: WholeReply,
  sent: { readonly bucket: string; readonly name: string; readonly bytes: Uint8Array },
): boolean {
  const { data } = storedObject.safeParse(jsonOf(body))
  return (
    data?.bucket === sent.bucket &&
    data.name === sent.name &&
    data.crc32c === checksumOf(sent.bytes)
  )
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
