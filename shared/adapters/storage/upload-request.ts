import { randomUUID } from 'node:crypto'

import { encodeBase64 } from '../../tlog/base64.ts'
import type { GoogleRequest } from '../google-call.ts'
import { crc32c } from '../secret-manager/crc32c.ts'

/** An object to be written. */
export interface Upload {
  readonly bucket: string
  readonly name: string
  readonly bytes: Uint8Array
  /** What has to be there for it to be written; `0` is nothing. */
  readonly generation: string
  /** Epoch milliseconds. */
  readonly until: number | undefined
  /** In the log: it decides how the object is served. */
  readonly path: string
}

/**
 * An upload that is carried out at most once, and only whole: Cloud Storage compares the checksum.
 * https://cloud.google.com/storage/docs/uploading-objects#json-api-multipart-upload
 */
export function uploadRequest({
  bucket,
  name,
  bytes,
  generation,
  until,
  path,
}: Upload): GoogleRequest {
  const isNote = path === 'checkpoint' || path.startsWith('checkpoints/')
  const contentType = isNote ? 'text/plain; charset=utf-8' : 'application/octet-stream'
  const metadata = {
    name,
    contentType,
    crc32c: checksumOf(bytes),
    // The one that changes.
    ...(path === 'checkpoint' ? { cacheControl: 'no-cache' } : {}),
    ...(until === undefined
      ? {}
      : { retention: { mode: 'Locked', retainUntilTime: new Date(until).toISOString() } }),
  }
  const boundary = randomUUID()
  const query = new URLSearchParams({ uploadType: 'multipart', ifGenerationMatch: generation })
  return {
    method: 'POST',
    path: `/upload/storage/v1/b/${bucket}/o?${query.toString()}`,
    contentType: `multipart/related; boundary=${boundary}`,
    body: Buffer.concat([
      Buffer.from(
        `--${boundary}\r\ncontent-type: application/json; charset=UTF-8\r\n\r\n${JSON.stringify(metadata)}\r\n` +
          `--${boundary}\r\ncontent-type: ${contentType}\r\n\r\n`,
      ),
      bytes,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  }
}

/** CRC-32C in base64, most significant byte first, as Cloud Storage writes it. */
export function checksumOf(bytes: Uint8Array): string {
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32c(bytes))
  return encodeBase64(checksum)
}
