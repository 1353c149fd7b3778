import { type Principal, principalKey } from '../identity/principal.ts'
import type { Allowance, Policy } from './policy.ts'
import { type UsageLimit, meters } from './usage.ts'

/** Everything that limits a principal, the strictest of each kind: their own use, and that of their groups as such. */
export function limitsFor(
  { limits }: Policy,
  principal: Pick<Principal, 'issuer' | 'subject' | 'groups'>,
): readonly UsageLimit[] {
  const groups = principal.groups.flatMap((group) => {
    const limit = limits.groups.get(group)
    return limit === undefined ? [] : [{ group, ...limit }]
  })
  return [
    ...strictest(principalKey(principal), [limits.everybody, ...groups.map(({ each }) => each)]),
    ...groups.flatMap(({ group, together }) => strictest(groupKey(group), [together])),
  ]
}

/** The subject of limits of a group as such. No principal has it: an issuer is a URL. */
const groupKey = (group: string): string => `group ${group}`

function strictest(subject: string, allowances: readonly Allowance[]): readonly UsageLimit[] {
  return meters.flatMap((meter) => {
    const known = allowances.flatMap((allowance) => allowance[meter] ?? [])
    return known.length === 0 ? [] : [{ meter, subject, most: Math.min(...known) }]
  })
}
