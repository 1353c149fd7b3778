import type { IdentityProblem } from '../../identity/principal.ts'

/**
 * The `WWW-Authenticate` of a 401 (RFC 6750 §3, RFC 9728 §5.1). Without a token it says where to
 * read how to get one, with a bad one also what is wrong. `undefined` for an issuer that is down:
 * that is a 503, and another token would not help.
 */
export function bearerChallenge(
  problem: IdentityProblem,
  { resourceMetadataUrl }: { readonly resourceMetadataUrl: string },
): string | undefined {
  const metadata = `resource_metadata="${quotable(resourceMetadataUrl)}"`
  if (problem.problem === 'issuer-unreachable') return undefined
  if (problem.problem === 'token-missing') return `Bearer ${metadata}`
  return `Bearer error="invalid_token", error_description="${quotable(description(problem))}", ${metadata}`
}

function description(
  problem: Exclude<IdentityProblem, { problem: 'token-missing' | 'issuer-unreachable' }>,
): string {
  switch (problem.problem) {
    case 'token-malformed':
      return 'the bearer token is no signed JWT'
    case 'token-expired':
      return 'the token expired; get a new one'
    case 'issuer-unknown':
      return 'the token is of no issuer that this gateway trusts'
    case 'token-invalid':
      return `the token is not accepted (${problem.code})`
  }
}

/** RFC 6750 §3: neither quotes nor backslashes nor anything beyond ASCII. */
function quotable(text: string): string {
  return text.replaceAll(/[^\x20\x21\x23-\x5B\x5D-\x7E]/g, '?')
}
