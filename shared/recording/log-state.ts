/** What sealers share: opaque bytes, written by compare-and-set. */
export interface VersionedState {
  readonly bytes: Buffer
  /** Opaque; another one after every write. */
  readonly version: string
}

/** Port. Every method rejects when the store cannot be reached; whether it wrote is then not known. */
export interface LogState {
  /** Undefined before the first write. */
  read(): Promise<VersionedState | undefined>
  /** Writes if it is still at `version`, undefined for none; false when somebody else was faster. */
  write(bytes: Buffer, version: string | undefined): Promise<boolean>
}
