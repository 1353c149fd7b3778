/**
 * Port. Keeps, for each browser that somebody is signed in with, a sealed text under a key: a digest of what the browser
 * has. Every method rejects when the store cannot be reached.
 */
export interface BrowserSessions {
  /** What is kept; undefined for none, and for one that was removed or is over. */
  readonly read: (key: string) => Promise<string | undefined>
  /**
   * Puts `after` in place of `before`, undefined for none; false when something else is there, or nothing any more: then
   * nothing changes. It need not be kept after `until`, epoch milliseconds.
   */
  readonly replace: (
    key: string,
    before: string | undefined,
    after: string,
    until: number,
  ) => Promise<boolean>
  /** Once it resolves nobody reads it again, nor can put anything in its place. */
  readonly remove: (key: string) => Promise<void>
}
