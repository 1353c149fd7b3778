import type { LogObjects } from '../../recording/log-objects.ts'
import type { GoogleCallOptions } from '../google-call.ts'
import { type Place, nameOf, parsePlace } from './place.ts'
import { isHeldBack, refusal } from './refusal.ts'
import { storageCall } from './storage-call.ts'
import { uploadRequest } from './upload-request.ts'
import { isStored, verifiedBytes } from './verified-bytes.ts'

export interface CloudStorageOptions extends GoogleCallOptions {
  /** `BUCKET` or `BUCKET/PREFIX`. */
  readonly place: string
  /**
   * Until when nobody may delete or replace what is created under a path, epoch milliseconds: in a bucket with object
   * retention, where it cannot be shortened later. Undefined for what may go at any time, as `checkpoint` and `staging/`.
   */
  readonly retainUntil?: (path: string) => number | undefined
}

/** A replacement that somebody else's overtook is tried anew. */
const REPLACE_TRIES = 5

/**
 * `LogObjects` in a Cloud Storage bucket, over its JSON API, as Sluice's own identity. A path is as in a folder: every
 * method rejects for any other. Rejections say what Cloud Storage said in words from a list. Throws `TypeError` for a
 * place that cannot be. https://cloud.google.com/storage/docs/json_api/v1/objects
 */
export function cloudStorageObjects(options: CloudStorageOptions): LogObjects {
  const place = parsePlace(options.place)
  const call = storageCall(options)

  const readVersion = async (path: string) => {
    const reply = await call({ method: 'GET', path: `${objectPath(place, path)}?alt=media` })
    if (reply.status === 404) return undefined
    if (reply.status !== 200) throw refusal('read', path, reply)
    return verifiedBytes(path, reply)
  }

  const upload = async (path: string, bytes: Uint8Array, generation: string, until?: number) => {
    const name = nameOf(place, path)
    const { bucket } = place
    const reply = await call(uploadRequest({ bucket, name, bytes, generation, until, path }))
    // Fail closed: a proxy's page, or another object, would pass for what was to be written.
    if (reply.status === 200 && !isStored(reply, { bucket, name, bytes }))
      throw new Error(`what cloud storage says it stored is not what it was sent: \`${path}\``)
    return reply
  }

  return {
    create: async (path, bytes) => {
      const reply = await upload(path, bytes, ABSENT, options.retainUntil?.(path))
      if (reply.status === 200) return 'created'
      if (reply.status !== 412 && !isHeldBack(reply)) throw refusal('create', path, reply)
      const found = await readVersion(path)
      if (found === undefined) throw refusal('create', path, reply)
      return found.bytes.equals(bytes) ? 'created' : 'conflict'
    },
    read: async (path) => (await readVersion(path))?.bytes,
    replace: async (path, bytes) => {
      for (let tries = 0; tries < REPLACE_TRIES; tries += 1) {
        // oxlint-disable-next-line no-await-in-loop -- what is there now decides what is sent
        const found = await readVersion(path)
        if (found?.bytes.equals(bytes) === true) return
        // So that what we gave up on cannot undo what others wrote since.
        // oxlint-disable-next-line no-await-in-loop
        const reply = await upload(path, bytes, found?.generation ?? ABSENT)
        if (reply.status === 200) return
        if (reply.status !== 412) throw refusal('replace', path, reply)
      }
      throw new Error(`others keep replacing it: \`${path}\``)
    },
    remove: async (path) => {
      const reply = await call({ method: 'DELETE', path: objectPath(place, path) })
      if (reply.status !== 204 && reply.status !== 404) throw refusal('remove', path, reply)
    },
  }
}

/** The generation of an object that is not there. */
const ABSENT = '0'

function objectPath(place: Place, path: string): string {
  return `/storage/v1/b/${place.bucket}/o/${encodeURIComponent(nameOf(place, path))}`
}
