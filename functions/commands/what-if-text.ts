import { visibleLine } from '../../shared/approval-desk/visible-text.ts'
import type { WhatIfReport } from '../../shared/console/views/policy-view.ts'
import { textTable } from './text-table.ts'

type Counts = WhatIfReport['counts']

/** What somebody wants to know first comes first. */
const KINDS = [
  'let-out',
  'newly-denied',
  'newly-held',
  'newly-masked',
  'same',
  'not-compared',
] as const

const LONGEST = 200

/** What another policy would have said, for people. */
export function whatIfText(report: WhatIfReport): string {
  const { digest, from, to, calls, isAll, counts, byRule, byPrincipal, changes, notCompared } =
    report
  const changed = calls - counts.same - counts['not-compared']
  return [
    `policy ${digest}\n`,
    `${isAll ? 'all' : 'the newest'} ${calls} calls from ${from} to ${to}${isAll ? '' : '; there are more'}\n\n`,
    table('', [{ name: 'calls', counts }]),
    ...notCompared.map(({ reason, calls: some }) => `not compared: ${some}, ${reason}\n`),
    ...(changed === 0
      ? ['\nevery call that could be compared is decided the same\n']
      : [
          `\n${table(
            'rule',
            byRule.map(({ rule, counts: each }) => ({ name: rule, counts: each })),
          )}`,
          `\n${table(
            'principal',
            byPrincipal.map(({ label, counts: each }) => ({ name: label, counts: each })),
          )}`,
          '\n',
          ...changes.flatMap(changeLines),
          ...(changes.length < changed ? [`and ${changed - changes.length} more\n`] : []),
        ]),
  ].join('')
}

function table(what: string, rows: readonly { readonly name: string; readonly counts: Counts }[]) {
  return textTable(
    [what, ...KINDS],
    rows.map(({ name, counts }) => [shown(name), ...KINDS.map((kind) => String(counts[kind]))]),
  )
}

function changeLines(one: WhatIfReport['changes'][number]): readonly string[] {
  const { at, call, change, principal, before, after, rules, strippedSql } = one
  return [
    `${at}  ${change}  ${shown(principal ?? 'nobody known')}  ${call}\n`,
    `  ${shown(before)} -> ${shown(after)}${rules.length === 0 ? '' : `  (${shown(rules.join(', '))})`}\n`,
    ...(strippedSql === undefined ? [] : [`  ${shown(strippedSql)}\n`]),
  ]
}

/** Names and SQL are somebody else's. */
function shown(text: string): string {
  return visibleLine(text.replaceAll(/\s+/g, ' '), LONGEST, 'words')
}
