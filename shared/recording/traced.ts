/** What a trace may say of a recorded call besides its method: names that policy was asked about, never values. */
export interface Traced {
  /** `db.namespace`: the project, or `project|dataset` of the one table it is about. */
  readonly namespace: string
  /** `db.collection.name`: that table; undefined where it is about none, or several. */
  readonly collection?: string | undefined
  /** `db.query.text`: its SQL without literals, where policy says so. */
  readonly queryText?: string | undefined
}
