import { encodeBase64 } from '../tlog/base64.ts'
import type { Delivery, DeliveredInPrivate } from './entry.ts'
import { deliveryDigest, rowsDigest } from './private-part.ts'

/** What is about to be handed over, with its words and its exact body. */
export interface Delivered extends Omit<
  Delivery,
  'errorReason' | 'bytes' | 'digest' | 'rowsDigest' | 'body'
> {
  readonly error: { readonly reason: string; readonly message: string } | undefined
  readonly body: Uint8Array
  /** The bytes of `rows` in it; undefined for none. */
  readonly rowBytes: Uint8Array | undefined
}

/** How much of results policy has the record keep: nothing, a digest, or what left, masked as it was. */
export type KeptResults = 'none' | 'digest' | 'masked'

/** A body of more than this is kept as a digest alone: an entry has to fit into one document. */
const MOST_BODY_BYTES = 8 * 1024 * 1024

const SALT_BYTES = 32

/** What the record keeps of a delivery in the open, and what in private. */
export function recordableDelivery(
  { error, body, rowBytes, ...open }: Delivered,
  results: KeptResults,
  random: (bytes: number) => Uint8Array,
): { readonly delivery: Delivery; readonly facts: DeliveredInPrivate } {
  const salt = random(SALT_BYTES)
  const kept = results === 'masked' && body.length > MOST_BODY_BYTES ? 'too-large' : results
  return {
    delivery: {
      ...open,
      errorReason: error?.reason,
      bytes: body.length,
      digest: kept === 'none' ? undefined : deliveryDigest(salt, body),
      rowsDigest: kept === 'none' ? undefined : rowsDigest(salt, rowBytes ?? new Uint8Array()),
      body: kept,
    },
    facts: {
      error: error?.message,
      body: kept === 'masked' ? encodeBase64(body) : undefined,
      bodySalt: encodeBase64(salt),
    },
  }
}

/** The same without the body, for a store that cannot hold it. */
export function withoutBody({
  delivery,
  facts,
}: ReturnType<typeof recordableDelivery>): ReturnType<typeof recordableDelivery> {
  return {
    delivery: { ...delivery, body: 'too-large' },
    facts: { ...facts, body: undefined },
  }
}
