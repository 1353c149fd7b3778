import type { PrincipalFacts } from '../identity/principal.ts'

/** Somebody as they last came to Sluice with a token of their own. */
export interface SeenPerson {
  readonly issuer: string
  readonly subject: string
  /** As their token had them. */
  readonly groups: readonly string[]
  /** When that was, in epoch milliseconds. */
  readonly at: number
}

/**
 * Port. Remembers for some weeks who came with a token of a trusted issuer. All methods reject when the
 * store cannot be reached.
 */
export interface PeopleSeen {
  /**
   * Notes somebody who was identified just now. Only who comes by themselves: for a principal with actors it
   * does nothing.
   */
  saw(
    principal: Pick<PrincipalFacts, 'issuer' | 'subject' | 'groups' | 'email' | 'actors'>,
    at: number,
  ): Promise<void>
  /**
   * Everybody whose latest token had this address, verified by its issuer, whatever its case. Somebody who
   * has another address by now is not among them.
   */
  byEmail(email: string): Promise<readonly SeenPerson[]>
  /** What they were last seen in, or undefined if they were not seen for long. */
  groupsNow(issuer: string, subject: string): Promise<Pick<SeenPerson, 'groups' | 'at'> | undefined>
}
