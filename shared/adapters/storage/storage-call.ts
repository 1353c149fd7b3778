import { type GoogleCall, type GoogleCallOptions, googleCall } from '../google-call.ts'

/**
 * Calls Cloud Storage; its identity needs to create, get, list and delete objects.
 * https://cloud.google.com/storage/docs/retry-strategy
 */
export function storageCall(options: GoogleCallOptions): GoogleCall {
  return googleCall(CLOUD_STORAGE, options)
}

const CLOUD_STORAGE = {
  name: 'cloud storage',
  url: new URL('https://storage.googleapis.com'),
  // Staged batches are the largest.
  maxBytes: 256 * 1024 * 1024,
  // An object may be written once a second.
  pausesMs: [500, 1500, 4000],
}
