import { crc32, deflateRawSync, constants } from 'node:zlib'

import { queryResponse } from '../support/stub-replies.ts'

/** The replies that are measured. A query says which it wants by the project that pays for it. */
export const REPLIES = {
  'reply-1kb': { name: '1 kB', bytes: 1024, gzip: false },
  'reply-5mb': { name: '5 MB', bytes: 5_000_000, gzip: false },
  'reply-5mb-gzip': { name: '5 MB, gzip upstream', bytes: 5_000_000, gzip: true },
} as const

export type ReplyId = keyof typeof REPLIES

/** Whether a project stands for a reply. */
export function isReplyId(projectId: string): projectId is ReplyId {
  return Object.hasOwn(REPLIES, projectId)
}

/** Makes the body of one reply after the other, each about a job of its own, as BigQuery's are. */
export function replyMaker(projectId: ReplyId): () => readonly Buffer[] {
  const { bytes, gzip } = REPLIES[projectId]
  const placeholder = 'job_000000000'
  const whole = queryResponse({ bytes, projectId, jobId: placeholder })
  const at = whole.indexOf(placeholder)
  const head = whole.subarray(0, at)
  const tail = whole.subarray(at + placeholder.length)
  const packed = gzip ? deflateRawSync(tail) : tail
  let count = 0
  return () => {
    count += 1
    const start = Buffer.concat([head, Buffer.from(`job_${String(count).padStart(9, '0')}`)])
    return gzip ? gzipOf(start, tail, packed) : [start, packed]
  }
}

/** RFC 1952, with the expensive part done before: `packed` is `tail`, deflated. */
function gzipOf(start: Buffer, tail: Buffer, packed: Buffer): readonly Buffer[] {
  const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(crc32(tail, crc32(start)), 0)
  trailer.writeUInt32LE(start.length + tail.length, 4)
  return [header, deflateRawSync(start, { finishFlush: constants.Z_SYNC_FLUSH }), packed, trailer]
}
