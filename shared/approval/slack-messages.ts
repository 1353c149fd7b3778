import type { GrantId } from './grant.ts'
import type { SlackPlace } from './slack-web.ts'

/**
 * Port. Which messages about which grant are where. All methods reject when the store cannot be reached.
 */
export interface SlackMessages {
  /**
   * Takes it upon the caller to post what `about` names (what is told, and in which channel). Of all who claim
   * it at once, one may: `claimed`. `under-way`: somebody else claimed it less than a minute before `at`;
   * older claims are void, whoever made them having died. `posted`: nothing to do.
   */
  claim(grant: GrantId, about: string, at: number): Promise<'claimed' | 'under-way' | 'posted'>
  /** It is there now. */
  posted(grant: GrantId, about: string, place: SlackPlace, at: number): Promise<void>
  /** The caller could not post it: whoever is next may claim it. */
  release(grant: GrantId, about: string, at: number): Promise<void>
  /** What was posted about a grant, in the order in which it was. */
  of(grant: GrantId): Promise<readonly { readonly about: string; readonly place: SlackPlace }[]>
}
