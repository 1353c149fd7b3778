import type { LogSigners } from '../recording/log/log-signers.ts'
import type { WrapKey } from '../recording/wrap-key.ts'
import type { WriterAuthority } from '../recording/writer-certificate.ts'

/** What the record is signed and sealed with, wherever it is kept. */
export interface RecordKeys {
  /** Only whoever publishes the log asks for it, and may use it. Rejects when it cannot be had. */
  readonly log: () => Promise<LogSigners>
  readonly authority: WriterAuthority & {
    /** DER SubjectPublicKeyInfo. */
    readonly publicKey: Buffer
  }
  /** The secrets of sessions are kept under it. */
  readonly wrapKey: WrapKey
  /** 32 bytes: effective digests are keyed with it. */
  readonly digest: Uint8Array
}
