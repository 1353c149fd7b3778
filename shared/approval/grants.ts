import type { Result } from '../kernel/result.ts'
import type { Grant, GrantEvent, GrantId } from './grant.ts'

/**
 * Port. Grants by id; their events are only ever added to.
 *
 * Every method rejects when the store cannot be reached; whether it happened is then not known, and calling again is
 * safe.
 */
export interface Grants {
  /** `opened` once durable (also if the same one was there already), else the one that was there first. */
  open(grant: Grant): Promise<'opened' | { readonly existing: Grant }>
  find(id: GrantId): Promise<Grant | undefined>
  /**
   * Adds the events that `change` makes of the grant as it is, and resolves with the grant they are in. When
   * somebody else was faster, `change` is asked again. No events leave it alone. Rejects for an unknown id.
   */
  change<E>(
    id: GrantId,
    change: (grant: Grant) => Result<readonly GrantEvent[], E>,
  ): Promise<Result<Grant, E>>
  /** Ids of grants that are not over (`isOver`), oldest first; at most `limit`, those after `after`. */
  listOpen(limit: number, after?: GrantId): Promise<readonly GrantId[]>
  /** The same of grants that are over, and not closed. */
  listOver(limit: number, after?: GrantId): Promise<readonly GrantId[]>
  /**
   * For a grant that is over, once all that happened to it is on the record: it is in no list any more. Leaves one
   * alone to which something has happened since. Rejects for one that is not over.
   */
  close(grant: Grant): Promise<void>
  /**
   * Keeps of a grant that is over what `forgotten` leaves of it, and nothing else anywhere; it is in the list of those
   * that are over again. Rejects for one that is not over. One that is not there is no problem.
   */
  forget(id: GrantId): Promise<void>
  /**
   * The grant that stands for `key`: `id` if there was none, or if it was `instead`; else the one that was
   * there. Of all who ask at once, one is heard.
   */
  standFor(key: string, id: GrantId, instead: GrantId | undefined): Promise<GrantId>
  /** Remembers that `owner` (a `principalKey`) has a time box. */
  keepBox(owner: string, id: GrantId): Promise<void>
  /** Newest first; some may be over. At most 50. */
  boxesOf(owner: string): Promise<readonly GrantId[]>
}
