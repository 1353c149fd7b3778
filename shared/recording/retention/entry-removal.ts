/**
 * Port. Removes entries that retention has let go; the only thing that ever removes one. All of these ids or none, also
 * after a crash; one that is not there is no problem. Rejects when they may still be there, and for more than 400.
 */
export type RemoveEntries = (ids: readonly string[]) => Promise<void>

export const MOST_REMOVED_AT_ONCE = 400
