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
