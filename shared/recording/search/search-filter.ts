type Several = readonly string[] | undefined

/**
 * What calls are searched by. Everything given has to hold; of a filter given several times, each value. Letters are found
 * in either case, subjects and ids are then compared as they are. Names of tables and columns may leave out what is in front.
 */
export interface SearchFilter {
  /** `sub`, e-mail address, or issuer and `sub` with a space between. */
  readonly principal?: Several
  readonly group?: Several
  /** OAuth client, MCP server with or without its version, tool, or who acts for the principal. */
  readonly client?: Several
  /** A recorded claim: `run_id=42`. */
  readonly claim?: Several
  readonly session?: string | undefined
  /** Read or written. */
  readonly table?: Several
  /** Read, in whatever way. */
  readonly column?: Several
  readonly maskedColumn?: Several
  readonly filterColumn?: Several
  readonly tag?: Several
  readonly statementType?: string | undefined
  readonly decision?: string | undefined
  readonly rule?: Several
  /** Problem tag, or of a denial its reason. */
  readonly problem?: string | undefined
  readonly outcome?: string | undefined
  /** Who voted yes: as `principal`. */
  readonly approver?: Several
  /** State of the grant: `active`, or as Google writes it: `APPROVAL_AWAITED`. */
  readonly approval?: string | undefined
  /** Job id, alone or as `project:job`. */
  readonly job?: string | undefined
  readonly fingerprint?: string | undefined
  readonly flag?: Several
  /** Calls that ran this one again. */
  readonly replayOf?: string | undefined
  /** RFC 3339: from (inclusive) to (exclusive). */
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** Bytes that BigQuery processed, at least and at most. */
  readonly minBytes?: number | undefined
  readonly maxBytes?: number | undefined
  /** Words of the literal-stripped SQL, each of which occurs. */
  readonly text?: string | undefined
}
