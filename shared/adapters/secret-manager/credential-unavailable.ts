/** Why Sluice has no credential. Fixed words: nothing that a peer or a secret said. */
export type CredentialProblem =
  /** Secret Manager is down, slow, throttling, or says something that is not understood. */
  | 'secret-manager-unavailable'
  /** Secret Manager says no: no permission, no such secret, or the version is disabled. */
  | 'secret-refused'
  /** The payload is not what its checksum or its name promises. */
  | 'secret-corrupt'
  /** The secret is no service-account key, or one for another token endpoint. */
  | 'key-malformed'
  /** The token endpoint is down, slow, throttling, or says something that is not understood. */
  | 'token-endpoint-unavailable'
  /** The token endpoint says no: the key was deleted, the account disabled, impersonation not allowed. */
  | 'token-refused'
  /** Sluice's own identity cannot be established. */
  | 'own-identity-unavailable'

/** Thrown instead of whatever went wrong, whose words may quote a credential. Has no cause. */
export class CredentialUnavailable extends Error {
  readonly problem: CredentialProblem

  constructor(problem: CredentialProblem) {
    super(`no credential: ${problem}`)
    this.name = 'CredentialUnavailable'
    this.problem = problem
  }

  /** Somebody withdrew the credential, as opposed to a service that does not work. */
  get refused(): boolean {
    return this.problem === 'secret-refused' || this.problem === 'token-refused'
  }
}
