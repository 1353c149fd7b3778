import type { ClaimPath, ClaimPatterns } from './trusted-issuer.ts'

/** The claim at a path of policy, such as `groups` or `['realm_access', 'roles']`. */
export function claimAt(claims: unknown, path: ClaimPath): unknown {
  let value = claims
  for (const name of typeof path === 'string' ? [path] : path) value = member(value, name)
  return value
}

/**
 * The claim that a key of `ClaimPatterns` means: the claim of that very name, else the names between
 * its dots on the way down, longest first, as claims' names may hold dots (`kubernetes.io.namespace`).
 */
export function namedClaim(claims: unknown, key: string): unknown {
  const whole = member(claims, key)
  if (whole !== undefined) return whole
  for (let dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
    const found = namedClaim(member(claims, key.slice(0, dot)), key.slice(dot + 1))
    if (found !== undefined) return found
  }
  return undefined
}

/** Whether every claim of `patterns` has a value, or an element, that one of its patterns matches. */
export function claimsMatch(named: (key: string) => unknown, patterns: ClaimPatterns): boolean {
  return Object.entries(patterns).every(([key, allowed]) =>
    scalars(named(key)).some((text) => allowed.some((pattern) => matches(text, pattern))),
  )
}

/** A claim as conditions and the record see it: a scalar as its text, anything else as JSON. */
export function claimText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The strings of a claim that is a string or an array; of anything else none. */
export function claimStrings(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.filter((one) => typeof one === 'string')
}

function scalars(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values
    .filter((one) => typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean')
    .map(String)
}

/** `*` stands for any run of characters. Linear: no regular expression is made of policy text. */
function matches(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const part of rest) {
    const found = text.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  // Own members only: a path such as `constructor` must not find what the issuer did not write.
  return Object.getOwnPropertyDescriptor(value, name)?.value
}
