import type { DryRunFacts } from './dry-run.ts'

/**
 * What reads data that BigQuery's dry run does not list: other databases, models, metadata of others, graphs.
 * Looked for anywhere in the text, comments and strings included.
 */
const UNLISTED =
  /external_query|information_schema|region-|__|vector_search|appends|changes|graph|model|match_recognize|regionstats|@@|\b(?:ml|ai|obj|call|execute|remote)\b/i

/**
 * Whether SQL that Sluice does not understand can touch nothing that is governed: BigQuery's dry run calls it
 * a SELECT, and `isGoverned` says no to every table, view and routine it lists. The callback must say yes to
 * any name that it does not know, and to every view and routine whose definition it has not seen.
 */
export function passesUngoverned(
  sql: string,
  facts: DryRunFacts,
  isGoverned: (kind: 'table' | 'routine', name: string) => boolean,
): boolean {
  // Fail closed: an escape in a quoted name could hide any of these words.
  if (UNLISTED.test(sql) || sql.includes('\\')) return false
  return (
    facts.statementType === 'SELECT' &&
    facts.referencedTables.every((name) => !isGoverned('table', name)) &&
    facts.referencedRoutines.every((name) => !isGoverned('routine', name))
  )
}
