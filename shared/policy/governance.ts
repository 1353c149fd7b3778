import type { Mask } from './mask.ts'

/** What policy says of columns, whoever asks. */
export interface Governance {
  readonly data: readonly DataEntry[]
  /** By resource name of a BigQuery policy tag; undefined when policy does not look at them. */
  readonly policyTags: ReadonlyMap<string, Protection> | undefined
  readonly oracles: {
    readonly default: OracleEffect
    readonly tags: ReadonlyMap<string, OracleEffect>
    /** Id of an entry of `approvals`, where an effect is `require-approval`. */
    readonly approval: string | undefined
  }
  readonly aggregates: {
    /** Upper case. */
    readonly functions: readonly string[]
    readonly minimumGroupSize: number
  }
}

/** The tags of a column and what its values are masked with, if they are. */
export interface Protection {
  readonly tags: readonly string[]
  readonly mask: Mask | undefined
}

/** Columns by the names of tables and columns, as patterns in lower case. */
export interface DataEntry extends Protection {
  readonly tables: readonly string[]
  readonly columns: readonly string[]
}

export const oracleEffects = ['deny', 'require-approval', 'allow'] as const

/** What becomes of a query that lets a masked column decide what is answered. */
export type OracleEffect = (typeof oracleEffects)[number]

/** The tag of columns that have a BigQuery policy tag which `policyTags` does not list. No rule lifts it. */
export const UNLISTED_POLICY_TAG = 'unlisted-policy-tag'
