import { principalKey } from '../../identity/principal.ts'
import type { WhatIfReport } from '../views/policy-view.ts'
import type { ComparedCall, LookedAt } from './compared-call.ts'
import { decisionWords } from './decision-words.ts'
import { notComparedWords } from './why-not.ts'

const MOST_CHANGES = 200

type Counts = WhatIfReport['counts']

/** What calls that were looked at, newest first, come to. */
export function reportOf(
  looked: readonly LookedAt[],
  about: Pick<WhatIfReport, 'digest' | 'from' | 'to' | 'isAll'>,
): WhatIfReport {
  const counts = noCounts()
  const byRule = new Map<string, Counts>()
  const byPrincipal = new Map<string, { readonly label: string; readonly counts: Counts }>()
  const reasons = new Map<string, number>()
  for (const one of looked) {
    const change = 'why' in one ? 'not-compared' : one.change
    counts[change] += 1
    for (const rule of 'why' in one ? [] : rulesOf(one)) at(byRule, rule, noCounts)[change] += 1
    const { principal } = one.call
    if (principal !== undefined) {
      const label = principal.email ?? principal.subject
      at(byPrincipal, principalKey(principal), () => ({ label, counts: noCounts() })).counts[
        change
      ] += 1
    }
    if ('why' in one) {
      const reason = notComparedWords[one.why]
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    }
  }
  return {
    ...about,
    calls: looked.length,
    counts,
    byRule: [...byRule]
      .map(([rule, each]) => ({ rule, counts: each }))
      .toSorted((a, b) => changedIn(b.counts) - changedIn(a.counts) || (a.rule < b.rule ? -1 : 1)),
    byPrincipal: [...byPrincipal]
      .map(([principal, each]) => ({ principal, ...each }))
      .toSorted(
        (a, b) => changedIn(b.counts) - changedIn(a.counts) || (a.principal < b.principal ? -1 : 1),
      ),
    changes: looked
      .filter((one) => 'change' in one)
      .filter(({ change }) => change !== 'same')
      .slice(0, MOST_CHANGES)
      .map(changeOf),
    notCompared: [...reasons]
      .map(([reason, calls]) => ({ reason, calls }))
      .toSorted((a, b) => b.calls - a.calls),
  }
}

function changeOf(one: ComparedCall): WhatIfReport['changes'][number] {
  const { call, change, before, after } = one
  return {
    call: call.call,
    at: new Date(call.at).toISOString(),
    principal: call.principal?.email ?? call.principal?.subject,
    change,
    before: decisionWords(before),
    after: decisionWords(after),
    rules: [...rulesOf(one)],
    strippedSql: call.strippedSql,
  }
}

/** The rules that a change comes from: those that only one of the two names, or else all. */
function rulesOf({ before, after }: ComparedCall): readonly string[] {
  const all = [...new Set([...before.rules, ...after.rules])].toSorted()
  const either = all.filter((rule) => before.rules.includes(rule) !== after.rules.includes(rule))
  return either.length > 0 ? either : all
}

function changedIn(counts: Counts): number {
  return counts['newly-denied'] + counts['newly-held'] + counts['newly-masked'] + counts['let-out']
}

function noCounts(): Counts {
  return {
    'newly-denied': 0,
    'newly-held': 0,
    'newly-masked': 0,
    'let-out': 0,
    same: 0,
    'not-compared': 0,
  }
}

function at<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make()
  map.set(key, value)
  return value
}
