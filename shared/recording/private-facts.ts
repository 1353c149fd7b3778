import type { AskedInPrivate, DeliveredInPrivate } from './entry.ts'

/** What stands beside an entry, encrypted, and goes with its key. FORMAT.md §3. */
export type PrivateFacts =
  | AskedInPrivate
  | (AskedInPrivate & { readonly detail: string })
  | DeliveredInPrivate

/** A secret that private facts are encrypted under. */
export interface RecordSecret {
  /** `<scope>.<generation>`. */
  readonly id: string
  /** 32 bytes. */
  readonly secret: Uint8Array
}

/** What an entry is about whose private facts go together. */
export type SecretScope =
  /** A session, and whose it is: `principalKey`. */
  | { readonly session: string; readonly owner: string }
  /** `yyyy-mm-dd`, for what nobody known asked. */
  | { readonly day: string }

/** Port. Every method rejects when the store cannot be reached, or a secret cannot be unwrapped. */
export interface RecordSecrets {
  /** The secret in use for a scope; made when there is none, or when the one there was is erased. */
  current(scope: SecretScope): Promise<RecordSecret>
  /** The secret with this id; undefined once it was erased, and where there never was one. */
  find(id: string): Promise<RecordSecret | undefined>
  /** Ids of all secrets that are not erased, of a session or of everybody's sessions of an owner. */
  list(of: { readonly session: string } | { readonly owner: string }): Promise<readonly string[]>
  /** Destroys the secret, for ever. One that is not there is no problem. */
  erase(id: string): Promise<void>
}
