import type { Brand } from '../kernel/brand.ts'

/** A reply that may leave. Minted only in `masking/`; the app sends nothing else to a permitted call. */
export type MaskedReply = Brand<
  {
    readonly status: number
    /** The exact bytes that are delivered, JSON in UTF-8. */
    readonly body: Buffer<ArrayBuffer>
    /** The bytes of `rows` in it; undefined for none. */
    readonly rows?: Buffer | undefined
  },
  'MaskedReply'
>
