/** A switch that stops queries: all of them, those of a principal, or those that touch a dataset. */
export interface KillSwitch {
  readonly scope:
    | { readonly kind: 'global' }
    /** `principalKey`. */
    | { readonly kind: 'principal'; readonly principal: string }
    /** `project.dataset`. */
    | { readonly kind: 'dataset'; readonly dataset: string }
  /** For whoever is stopped. */
  readonly reason: string
  /** Who set it, and when (epoch milliseconds). */
  readonly by: string
  readonly at: number
}

/** Port. Rejects when the store cannot be reached. */
export interface KillSwitches {
  list(): Promise<readonly KillSwitch[]>
  /** Sets it, in place of one of the same scope. */
  set(killSwitch: KillSwitch): Promise<void>
  /** False when there is none of this scope. */
  clear(scope: KillSwitch['scope']): Promise<boolean>
}
