/** How far the closing of a session has come. */
export interface SessionState {
  /** Whether entries of it may come that no `session-closed` counts yet. */
  readonly isOpen: boolean
  /** When an instance last said that it is used, epoch milliseconds. */
  readonly seenAt: number
  /** Number of the next `session-closed`, and the commit time it counts from, epoch microseconds. */
  readonly number: number
  readonly from: number
}

/**
 * Port. Which sessions are open, and how far those that were closed are counted. Every method rejects when the store
 * cannot be reached; calling again with the same is safe.
 */
export interface RecordedSessions {
  find(session: string): Promise<SessionState | undefined>
  /** Says that it is used: it is open and in the list from then on, if it was not. */
  see(session: string, at: number): Promise<void>
  /** Ids of open sessions, those first that were not seen for longest; at most `limit`. */
  listOpen(limit: number): Promise<readonly string[]>
  /**
   * What came before `to` is counted by the closing with the number that `state` has. It is open still when somebody has
   * seen it since; when somebody else has counted it, nothing changes.
   */
  counted(session: string, state: SessionState, to: number): Promise<void>
}
