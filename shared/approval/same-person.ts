import { principalKey } from '../identity/principal.ts'
import type { KnownPerson } from '../policy/approval-terms.ts'

/** Somebody's account at an issuer. */
export interface Account {
  readonly issuer: string
  readonly subject: string
  /** Verified by the issuer, or undefined. */
  readonly email: string | undefined
}

/** Whether two accounts are one person's, as far as anybody can tell: by policy, or by their address. */
export function samePerson(people: readonly KnownPerson[], a: Account, b: Account): boolean {
  const [keyOfA, keyOfB] = [principalKey(a), principalKey(b)]
  if (keyOfA === keyOfB) return true
  if (a.email !== undefined && a.email.toLowerCase() === b.email?.toLowerCase()) return true
  return people.some(({ accounts }) => accounts.includes(keyOfA) && accounts.includes(keyOfB))
}

/** The same things by person: those of two accounts are together when a chain of accounts connects them. */
export function byPerson<T extends { readonly by: Account }>(
  people: readonly KnownPerson[],
  all: readonly T[],
): readonly (readonly T[])[] {
  let persons: readonly (readonly T[])[] = []
  for (const one of all) {
    const isTheirs = (person: readonly T[]) =>
      person.some((other) => samePerson(people, one.by, other.by))
    const theirs = persons.filter(isTheirs)
    persons = [...persons.filter((person) => !isTheirs(person)), [...theirs.flat(), one]]
  }
  return persons
}
