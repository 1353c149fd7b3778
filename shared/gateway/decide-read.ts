import type { CatalogColumn, CatalogTable } from '../analysis/catalog.ts'
import type { TableReference } from '../bigquery/reference.ts'
import type { SqlField } from '../bigquery/sql-type.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import { inSpan } from '../kernel/span.ts'
import type { Decision } from '../policy/decision.ts'
import { evaluate, evaluateByName } from '../policy/evaluate.ts'
import { readingFacts } from '../policy/may-select.ts'
import { needsSchemas } from '../policy/needs.ts'
import { readingColumns } from '../policy/reading-columns.ts'
import { sureDenial } from '../policy/sure-denial.ts'
import { type Decidable, callerFacts } from './caller.ts'
import { noteDecision } from './note-decision.ts'
import { lookUp } from './own-jobs.ts'
import type { Ports } from './ports.ts'
import type { Refusal } from './refusal.ts'
import { type OwnQuestions, questionsFor, whileAsking } from './schemas.ts'
import { selectColumns } from './selected-fields.ts'

/** Whether a table may be read without SQL, and the columns that leave where policy asks for them. */
export interface DecidedRead {
  readonly decision: Decision
  readonly outputs: readonly SqlField[] | undefined
}

/** What is stored as it is read. Rows of a view are made when it is queried. */
const STORED = ['TABLE', 'SNAPSHOT', 'CLONE']

/**
 * Decides on reading a table, or some of its columns, as on a SELECT of them. `selectedFields` as clients
 * send it.
 */
export function decideRead(
  ports: OwnQuestions & Pick<Ports, 'derivedTags'>,
  caller: Decidable,
  table: TableReference,
  selectedFields: string | undefined,
): Promise<Result<DecidedRead, Refusal>> {
  return inSpan('decide', {}, async (span) => {
    const decided = await decide(ports, caller, table, selectedFields)
    if (decided.ok) noteDecision(span, decided.value.decision)
    return decided
  })
}

async function decide(
  ports: OwnQuestions & Pick<Ports, 'derivedTags'>,
  caller: Decidable,
  table: TableReference,
  selectedFields: string | undefined,
): Promise<Result<DecidedRead, Refusal>> {
  const { policy } = caller
  const query = { ...readingFacts(table), justification: caller.facts.justification ?? '' }
  const facts = { ...callerFacts(caller), query }
  const denial = sureDenial(policy, facts)
  if (denial !== undefined) return ok({ decision: denial, outputs: undefined })
  if (!needsSchemas(policy)) return ok({ decision: evaluate(policy, facts), outputs: undefined })

  const { catalog } = questionsFor(ports, policy, table.projectId)
  const asked = await whileAsking(() => catalog.table(table))
  if (!asked.ok) return asked
  const found = asked.value
  if (!found.ok) {
    // Whether a table exists is for those to know who may read it.
    const decision = evaluateByName(policy, facts)
    if (decision.effect === 'deny') return ok({ decision, outputs: undefined })
    return found.error.problem === 'not-in-catalog'
      ? err({ problem: 'not-found', what: `Table ${bigQueryName(table)}` })
      : err(found.error)
  }
  const read = columnsRead(found.value, selectedFields)
  if (!read.ok) return read
  const derived = await lookUp(() => ports.derivedTags.of([found.value.reference]))
  if (!derived.ok) return derived
  const touched = readingColumns({ ...found.value, columns: read.value }, derived.value)
  const decision = evaluate(policy, facts, touched)
  return ok({ decision, outputs: touched.lineage.outputs })
}

function columnsRead(
  table: CatalogTable,
  selectedFields: string | undefined,
): Result<readonly CatalogColumn[], Refusal> {
  if (!STORED.includes(table.type))
    return err({
      problem: 'not-understood',
      hint: `it is a ${table.type.toLowerCase().replaceAll('_', ' ')}; read it with a query`,
    })
  if (selectedFields === undefined) return ok(table.columns)
  const selected = selectColumns(table.columns, selectedFields)
  return selected === undefined
    ? err({
        problem: 'malformed',
        message: '`selectedFields` must name fields of the table, in the order of its schema',
      })
    : ok(selected)
}

const bigQueryName = ({ projectId, datasetId, tableId }: TableReference) =>
  `${projectId}:${datasetId}.${tableId}`
