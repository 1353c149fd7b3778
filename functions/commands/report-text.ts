import { styleText } from 'node:util'

import type { BundleScope } from '../../shared/recording/bundle/bundle-line.ts'
import type { BundleReport } from '../../shared/recording/bundle/bundle-report.ts'

/** How many problems are shown to people. */
const MOST_SHOWN = 20

const COLOURS = {
  sound: 'green',
  broken: 'red',
  complete: 'green',
  incomplete: 'red',
  'not-checked': 'yellow',
} as const

/** A report for people; in colour where `stream` is a terminal. */
export function reportText(report: BundleReport, stream: NodeJS.WriteStream): string {
  const { integrity, completeness, problems, furtherProblems, bundle, unchecked } = report
  const verdict = (word: keyof typeof COLOURS) =>
    styleText(COLOURS[word], word.replace('-', ' '), { stream })
  const shown = problems.slice(0, MOST_SHOWN)
  const more = problems.length - shown.length + furtherProblems
  const verdicts = [
    `integrity     ${verdict(integrity)}`,
    `completeness  ${verdict(completeness)}`,
    '',
  ]
  const lines = [
    `The bundle is about ${scopeWords(bundle.scope)} in the log \`${bundle.log}\` of ${bundle.size} leaves.`,
    `Verified: ${coveredWords(report)}.`,
    ...(shown.length === 0 ? [] : ['', 'What is wrong, the first first:']),
    ...shown.map(({ verdict: against, words }) => `- ${against}: ${words}`),
    ...(more === 0 ? [] : [`- and ${more} more; --json has the first thousand`]),
    '',
    'What was not checked:',
    ...unchecked.map((words) => `- ${words}`),
  ]
  return [...verdicts, ...lines.map(plain)].map((line) => `${line}\n`).join('')
}

function scopeWords(scope: BundleScope): string {
  if ('all' in scope) return 'everything'
  const { session, principal, call, from, to } = scope
  const parts = [
    session !== undefined && `session \`${session}\``,
    principal !== undefined && `principal \`${principal}\``,
    call !== undefined && `call \`${call}\``,
    from !== undefined && `what came from ${instant(from)}`,
    to !== undefined && `what came before ${instant(to)}`,
  ]
  return parts.filter((part) => part !== false).join(', ')
}

function coveredWords({ covered }: BundleReport): string {
  const named = [
    [covered.entries, 'entry', 'entries'],
    [covered.leaves, 'leaf without its entry', 'leaves without their entry'],
    [covered.unsealed, 'of them not in the log yet', 'of them not in the log yet'],
    [covered.privateFacts, 'set of private facts', 'sets of private facts'],
    [covered.calls, 'call', 'calls'],
    [covered.writers, 'writer', 'writers'],
    [covered.batches, 'batch', 'batches'],
    [covered.sessionsCounted, 'count of a session', 'counts of sessions'],
    [covered.receipts, 'receipt', 'receipts'],
  ] as const
  return named
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${count} ${count === 1 ? one : many}`)
    .join(', ')
}

function instant(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString()
}

/** What a bundle says may be anything; a terminal must not take it for a command. */
function plain(line: string): string {
  return line.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')
}
