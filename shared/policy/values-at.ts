import type { Path } from './policy-problem.ts'

/** Every value of plain data whose path matches, `*` standing for any one step. */
export function valuesAt(
  value: unknown,
  pattern: readonly string[],
  at: Path = [],
): readonly { readonly path: Path; readonly value: unknown }[] {
  const [step, ...rest] = pattern
  if (step === undefined) return [{ path: at, value }]
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value
    return step === '*' ? items.flatMap((item, index) => valuesAt(item, rest, [...at, index])) : []
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) =>
    step === '*' || step === key ? valuesAt(member, rest, [...at, key]) : [],
  )
}

/** The texts among them. */
export function textsAt(
  value: unknown,
  pattern: readonly string[],
  at: Path = [],
): readonly { readonly path: Path; readonly text: string }[] {
  return valuesAt(value, pattern, at).flatMap(({ path, value: found }) =>
    typeof found === 'string' ? [{ path, text: found }] : [],
  )
}
