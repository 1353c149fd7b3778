import type { SqlField } from '../bigquery/sql-type.ts'
import type { Obligations } from '../policy/decision.ts'
import type { OutputMask } from '../policy/mask.ts'

/**
 * What the result of a call leaves under. Kept with its job, so that whichever instance hands over a page
 * of it, today or later, masks it alike.
 */
export interface ReleaseTerms {
  readonly masks: readonly OutputMask[]
  /** Whether a masked column has part in it: errors and statistics then say less. */
  readonly governed: boolean
  /** Rows that may leave, counted from the first of the result. */
  readonly maximumRows: number | undefined
  /** The columns that analysis found the result to have; undefined when it was not asked. */
  readonly outputs: readonly SqlField[] | undefined
}

/** The terms of a call that policy permitted. */
export function releaseTerms(
  { masks, governed, maximumRows }: Obligations,
  outputs: readonly SqlField[] | undefined,
): ReleaseTerms {
  return {
    masks,
    governed,
    maximumRows,
    outputs: outputs?.map(({ name, type }) => ({ name, type })),
  }
}
