import type { Redacted } from '../secret-manager/redacted.ts'

/** All that Sluice ever asks a token for. */
export const BIGQUERY_SCOPE = 'https://www.googleapis.com/auth/bigquery'

/** What Sluice shows BigQuery, and what the record says about it. */
export interface Credential {
  /** Absent for the local BigQuery. */
  readonly accessToken: Redacted<string> | undefined
  /** `projects/P/secrets/S/versions/7`, `impersonated:<account>` or `none`. */
  readonly version: string
}

/** A connection's own credential. */
export interface CredentialProvider {
  /**
   * A credential valid now. Cheap while one is cached; concurrent calls share one fetch. Rejects
   * with `CredentialUnavailable` only, and does not wait longer than about eight seconds.
   */
  token(): Promise<Credential>
  /** BigQuery refused this one: the next call fetches another. No effect on any other token. */
  invalidate(accessToken: Redacted<string>): void
}

/** For the local BigQuery: no authorization header at all. */
export const noCredential: CredentialProvider = {
  token: () => Promise.resolve({ accessToken: undefined, version: 'none' }),
  invalidate: () => {},
}
