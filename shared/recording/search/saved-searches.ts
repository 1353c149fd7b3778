/** A search that somebody wants to run again. */
export interface SavedSearch {
  readonly id: string
  readonly name: string
  /** As in the URL of a search, without the question mark. */
  readonly query: string
  /** Epoch milliseconds. */
  readonly savedAt: number
}

/** How many searches of one person are kept. */
export const MOST_SAVED_SEARCHES = 100

/**
 * Port. The searches that people saved, each their own; `owner` is a `principalKey`. No part of the record. Every method
 * rejects when the store cannot be reached.
 */
export interface SavedSearches {
  /** Oldest first. */
  of(owner: string): Promise<readonly SavedSearch[]>
  /** `too-many`, and nothing was saved, when `MOST_SAVED_SEARCHES` are kept already. */
  save(owner: string, search: SavedSearch): Promise<'saved' | 'too-many'>
  /** False when there was none of this id. */
  remove(owner: string, id: string): Promise<boolean>
}
