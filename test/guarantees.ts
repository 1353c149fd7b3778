/** What Sluice promises. SECURITY.md says the same; every line has a test that cites it. */
export const guarantees = {
  'no-token-no-query': 'without a valid token from a trusted issuer, nothing reaches BigQuery',
  'unknown-means-no': 'a statement Sluice cannot fully understand is denied',
  'deny-wins': 'a deny rule beats every permit rule, in whatever order the policy lists them',
  'recorded-first': 'when the request cannot be recorded, BigQuery does not hear of the query',
  'recorded-before-release': 'when the outcome cannot be recorded, nothing is released',
  'written-once': 'an entry is written once: nothing Sluice does changes or deletes it',
  'own-token-bounded':
    'a token Sluice issues is good for Sluice only and ends with the OIDC token at the latest',
  'credential-unseen':
    'the credential Sluice uses appears in no error, log, entry or reply, whatever fails',
} as const
