import type { IdentityProblem } from './principal.ts'

/** What another token would help against. */
export type Challenged = Exclude<IdentityProblem, { readonly problem: 'issuer-unreachable' }>

const CHALLENGED: Readonly<Record<Challenged['problem'], true>> = {
  'token-missing': true,
  'token-malformed': true,
  'token-expired': true,
  'token-invalid': true,
  'issuer-unknown': true,
}

/** Whether a refusal is for want of a token that Sluice believes: it is answered with a challenge (RFC 6750 §3). */
export function isChallenged(refusal: { readonly problem: string }): refusal is Challenged {
  return Object.hasOwn(CHALLENGED, refusal.problem)
}
