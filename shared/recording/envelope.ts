import type { Credential } from '../identity/principal.ts'

/** What every entry has. */
export interface RecordEnvelope {
  readonly v: 1
  /** As FORMAT.md §2 has it: an id decides who of two writers won. */
  readonly id: string
  /** Epoch milliseconds by the clock of the instance that wrote it. */
  readonly at: number
  /** The call it belongs to; undefined for none. */
  readonly call?: string | undefined
}

/** What every entry of a call has. */
export interface Envelope extends RecordEnvelope {
  /** 26 characters of lower-case base32. */
  readonly call: string
}

/** Where the private facts of an entry are, and what binds them to it. FORMAT.md §3. */
export interface PrivatePart {
  /** SHA-256, hex, of the ciphertext. */
  readonly ciphertext: string
  /** Salted SHA-256, hex, of the facts. */
  readonly commitment: string
  /** Id of the secret they are encrypted under. */
  readonly key: string
  /** Bytes of the facts. */
  readonly length: number
}

/** A BigQuery job. */
export interface RecordedJob {
  readonly projectId: string
  readonly jobId: string
  readonly location: string | undefined
}

/** Who did it, as the token said. */
export interface RecordedPrincipal {
  readonly issuer: string
  readonly subject: string
  readonly groups: readonly string[]
  readonly clientId: string | undefined
  readonly email: string | undefined
  readonly claims: Readonly<Record<string, string>>
  readonly actors: readonly { readonly issuer: string | undefined; readonly subject: string }[]
  readonly credential: Credential
}

/** The session it was done in. */
export interface RecordedSession {
  readonly id: string
  readonly verified: { readonly sourceAddress: string | undefined }
  readonly claimed: {
    readonly userAgent: string | undefined
    readonly apiClient: string | undefined
    readonly name: string | undefined
    readonly server: string | undefined
    readonly tool: string | undefined
  }
}
