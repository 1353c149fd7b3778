/** A call that had no end when the sweep looked at it. */
export interface OpenCall {
  readonly call: string
  /** When it is looked at again, epoch milliseconds. */
  readonly lookAt: number
}

/** How far the sweep has come through the record. */
export interface Watermark {
  /** Epoch milliseconds: every call that was asked for before has an end, or is among `open`. */
  readonly at: number
  readonly open: readonly OpenCall[]
}

/**
 * Port. The watermark that all sweepers share. Every method rejects when the store cannot be reached; whether it
 * happened is then not known, and calling again is safe.
 */
export interface Watermarks {
  /** At 0, with nothing open, before the first sweep. */
  read(): Promise<Watermark>
  /** Moves it from `from` to `to`, with what is open in between; false when it is not at `from` any more. */
  advance(from: number, to: number, open: readonly OpenCall[]): Promise<boolean>
  /** Says of open calls when to look again; those with undefined have ended. One that somebody forgot stays forgotten. */
  revise(
    calls: readonly { readonly call: string; readonly lookAt: number | undefined }[],
  ): Promise<void>
}
