import { createHmac, timingSafeEqual } from 'node:crypto'

import { base32 } from '../../kernel/base32.ts'
import type { JobPlace } from '../../recording/reconcile/job-history.ts'

/** Ids of the jobs that Sluice runs for itself, which have no entry: nobody without the key makes one. */
export interface OwnJobIds {
  /** A new one for a job at this place; BigQuery refuses a second job of the same id there. */
  readonly next: (place: JobPlace) => string
  readonly isOwn: (place: JobPlace, jobId: string) => boolean
}

const FORM = /^sluice_own_([a-z2-7]{26})_([a-z2-7]{26})$/

/** Ids under the first of these keys; ids under any of them are known. `random`: unpredictable bytes. */
export function ownJobIds(
  [key, ...older]: readonly [Uint8Array, ...Uint8Array[]],
  random: (bytes: number) => Uint8Array,
): OwnJobIds {
  return {
    next: (place) => {
      const nonce = base32(random(16))
      return `sluice_own_${nonce}_${code(key, place, nonce)}`
    },
    isOwn: (place, jobId) => {
      const [, nonce, given] = FORM.exec(jobId) ?? []
      if (nonce === undefined || given === undefined) return false
      return [key, ...older].some((each) =>
        timingSafeEqual(Buffer.from(given), Buffer.from(code(each, place, nonce))),
      )
    },
  }
}

function code(key: Uint8Array, { projectId, location }: JobPlace, nonce: string): string {
  const place = [projectId, location.toLowerCase(), nonce]
  const hmac = createHmac('sha256', key).update(`sluice own job\n${place.join('\n')}`)
  return base32(hmac.digest().subarray(0, 16))
}
