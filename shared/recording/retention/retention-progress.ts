/** How far retention has looked through the log. */
export interface RetentionProgress {
  /** What it went by, as a digest: under other terms or holds it looks at everything again. */
  readonly basis: string
  /** By class: the index of the leaf to go on from. */
  readonly next: Readonly<Record<string, number>>
}

/** Port. Where that is kept. What is lost of it is looked at again. Both reject when the store cannot be reached. */
export interface KeptProgress {
  read(): Promise<RetentionProgress | undefined>
  write(progress: RetentionProgress): Promise<void>
}
