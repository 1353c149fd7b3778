/**
 * Port. Up to when the record was compared with BigQuery's jobs, shared by all who compare. Both reject when the
 * store cannot be reached; whether it happened is then not known, and calling again is safe.
 */
export interface ReconciledUpTo {
  /** Epoch milliseconds; 0 before the first time. */
  read(): Promise<number>
  /** Moves it forward to `to`; never back. */
  advance(to: number): Promise<void>
}
