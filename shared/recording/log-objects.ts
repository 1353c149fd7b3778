/**
 * Port. The objects a log is published as, by path: a folder, or a bucket under retention. Every method
 * rejects when the store cannot be reached; whether it happened is then not known, and calling again is safe.
 */
export interface LogObjects {
  /** `created` once durable, also when exactly these bytes were there; `conflict` when others were, which stay. */
  create(path: string, bytes: Uint8Array): Promise<'created' | 'conflict'>
  /** Undefined where there is none. */
  read(path: string): Promise<Buffer | undefined>
  /** Puts these bytes in place of whatever was there. Only for `checkpoint`. */
  replace(path: string, bytes: Uint8Array): Promise<void>
  /** Deletes what retention has let go. One that is not there is no problem. */
  remove(path: string): Promise<void>
}
