import { Redacted } from '../../shared/adapters/secret-manager/redacted.ts'
import {
  type CloudStorageOptions,
  cloudStorageObjects,
} from '../../shared/adapters/storage/cloud-storage-objects.ts'
import { BUCKET_TOKEN, type StubCloudStorage, startStubCloudStorage } from './stub-cloud-storage.ts'
import { resetBeforeHeaders } from './stub-faults.ts'
import type { Respond, StubRequest } from './stub-upstream.ts'

const BUCKET = 'acme-log'

/** A stand-in for Cloud Storage, and logs in its bucket whose adapters do not wait long. */
export interface BucketWorld {
  readonly storage: StubCloudStorage
  /** A place that no log is in. */
  newPlace(): string
  objectsIn(
    place: string,
    options?: Partial<CloudStorageOptions>,
  ): ReturnType<typeof cloudStorageObjects>
  /** An object as the bucket has it. */
  stored(place: string, path: string): ReturnType<StubCloudStorage['objects']['get']>
  /** Answers so to the first requests, and as usual to those that follow. */
  first(...faults: readonly Respond[]): void
  /** Carries requests out and loses the first answers. */
  loseAnswers(count: number): void
  /** What was asked of it meanwhile. */
  since(work: () => Promise<unknown>): Promise<readonly StubRequest[]>
}

export async function bucketWorld(): Promise<BucketWorld> {
  const storage = await startStubCloudStorage()
  let places = 0
  return {
    storage,
    newPlace: () => `${BUCKET}/logs/log-${(places += 1)}`,
    objectsIn: (place, options) =>
      cloudStorageObjects({
        place,
        ownIdentity: () => Promise.resolve(new Redacted(BUCKET_TOKEN)),
        baseUrl: storage.url,
        timeoutMs: 500,
        pausesMs: [5, 5, 5],
        ...options,
      }),
    stored: (place, path) => storage.objects.get(`${place.slice(BUCKET.length + 1)}/${path}`),
    first: (...faults) => {
      const left = [...faults]
      storage.fail((_request, usual) => left.shift() ?? usual())
    },
    loseAnswers: (count) => {
      let left = count
      storage.fail((_request, usual) => {
        const answer = usual()
        left -= 1
        return left < 0 ? answer : resetBeforeHeaders
      })
    },
    since: async (work) => {
      const before = storage.requests.length
      await work()
      return storage.requests.slice(before)
    },
  }
}
