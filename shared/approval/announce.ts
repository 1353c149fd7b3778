import type { Grant } from './grant.ts'
import type { ApprovalRequested } from './messages.ts'

/**
 * Port. Tells people about a grant, where its terms say. Both methods may be called again, at once and in
 * any order; they reject when somebody may not have been told, and then are to be called again.
 */
export interface Announce {
  /** Nobody is told the same twice, and nobody is asked for what is settled. */
  tell(grant: Grant, news: ApprovalRequested['news']): Promise<void>
  /** Shows in everything that was said of a grant how it stands by now; nobody can vote there once it is settled. */
  settled(grant: Grant): Promise<void>
}
