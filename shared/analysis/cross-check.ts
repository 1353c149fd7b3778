import { formatTable } from '../bigquery/reference.ts'
import { err, ok, type Result } from '../kernel/result.ts'
import type { Analysis, AnalysisProblem, Touched } from './analysis.ts'
import type { DryRunFacts } from './dry-run.ts'
import { sameType } from './same-type.ts'

/**
 * Holds an analysis against what BigQuery itself says of the same text: kind of statement, tables, routines,
 * and the result column by column. Any difference means that one of the two reads it in another way, and it
 * is not understood. A backstop: there are readings that differ in none of these.
 */
export function crossCheck(
  analysis: Analysis & { readonly touched: Touched },
  facts: DryRunFacts,
): Result<void, AnalysisProblem> {
  const difference =
    (analysis.statementType === facts.statementType ? undefined : 'kind of statement') ??
    tablesDiffer(analysis, facts) ??
    routinesDiffer(analysis, facts) ??
    (facts.undeclaredParameters === 0 ? undefined : 'parameters') ??
    (analysis.statementType === 'SELECT' ? resultDiffers(analysis, facts) : undefined)
  return difference === undefined
    ? ok(undefined)
    : err({
        problem: 'not-understood',
        hint: `write it more plainly: BigQuery sees another ${difference} in it`,
      })
}

type Checked = Parameters<typeof crossCheck>[0]

function tablesDiffer({ tables, targets, touched }: Checked, facts: DryRunFacts) {
  const sources = touched.sources.filter(({ kind }) => kind === 'table')
  const written = targets.map((table) => formatTable(table))
  const known = new Set([...tables.map((each) => formatTable(each)), ...written])
  touched.sources.forEach(({ kind, name }) => kind !== 'routine' && known.add(name))
  const listed = new Set(facts.referencedTables)
  const missing = sources.some(
    ({ name, unlisted }) =>
      unlisted !== true &&
      // Whether DML lists its target depends on whether it reads it.
      !written.some((target) => target.toLowerCase() === name.toLowerCase()) &&
      !isUnlisted(name) &&
      !listed.has(name),
  )
  const unknown = facts.referencedTables.some((name) => !known.has(name) && !isUnlisted(name))
  return missing || unknown ? 'table' : undefined
}

/** BigQuery's dry run does not tell of these. */
function isUnlisted(name: string): boolean {
  return /\.INFORMATION_SCHEMA\.[A-Z_]+$/.test(name)
}

function routinesDiffer({ touched }: Checked, facts: DryRunFacts) {
  const known = new Set(touched.lineage.routines)
  return facts.referencedRoutines.every((name) => known.has(name)) ? undefined : 'routine'
}

function resultDiffers({ touched }: Checked, { schema = [] }: DryRunFacts) {
  const { outputs } = touched.lineage
  const same =
    outputs.length === schema.length &&
    outputs.every((output, i) => {
      const column = schema[i]
      return (
        column !== undefined &&
        sameType(output.type, column.type) &&
        sameName(output.name, column.name)
      )
    })
  return same ? undefined : 'result'
}

/** BigQuery calls what has no name `f0_`. Of two equal names it says itself that they cannot be. */
function sameName(ours: string, theirs: string): boolean {
  if (ours === '' || ours.startsWith('$')) return /^f\d+_$/.test(theirs)
  return ours.toLowerCase() === theirs.toLowerCase()
}
