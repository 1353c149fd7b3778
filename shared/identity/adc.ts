/** Where a Google client library finds the OIDC token that it exchanges. */
export type TokenSource =
  /** A file with the token and nothing else, kept fresh by somebody. */
  | { readonly kind: 'file'; readonly path: string }
  /** A command that prints Google's executable-credential JSON (AIP-4117). */
  | { readonly kind: 'command'; readonly command: string }

/**
 * A credential file (ADC, `external_account`) with which Google's client libraries, `bq` and
 * `gcloud` exchange the OIDC token at the gateway instead of at Google (AIP-4117).
 */
export function adcFile(gateway: string, source: TokenSource): object {
  return {
    type: 'external_account',
    audience: gateway,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${gateway}/v1/token`,
    token_info_url: `${gateway}/v1/introspect`,
    credential_source:
      source.kind === 'file'
        ? { file: source.path }
        : { executable: { command: source.command, timeout_millis: 30_000 } },
  }
}

/**
 * The file for `gcloud auth login --login-config` and `gcloud auth application-default login
 * --login-config`, by which people sign in at the company's issuer through the gateway.
 */
export function loginConfig(gateway: string): object {
  return {
    type: 'external_account_authorized_user_login_config',
    // gcloud reads a workforce pool out of it; the gateway does not look.
    audience: '//iam.googleapis.com/locations/global/workforcePools/sluice/providers/oidc',
    auth_url: `${gateway}/v1/authorize`,
    token_url: `${gateway}/v1/oauthtoken`,
    token_info_url: `${gateway}/v1/introspect`,
  }
}
