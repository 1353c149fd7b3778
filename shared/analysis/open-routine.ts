import { parseDatasetId, parseProjectId, type ProjectId } from '../bigquery/reference.ts'
import { err, ok, type Result } from '../kernel/result.ts'
import type { AnalysisProblem, CatalogSource, NameDefaults, Touched } from './analysis.ts'
import type { CatalogRoutine } from './catalog.ts'
import type { Opened, Opening } from './opened.ts'
import { bodyQuery } from './routine-body.ts'
import type { RoutineSignature } from './trace.ts'
import { allSources } from './walk/flow.ts'

/** The scalar function that `path` calls, with what its body reads by itself. Rejects as the catalog does. */
export async function openRoutine(
  { catalog, lookInside }: Opening,
  path: readonly string[],
  defaults: NameDefaults,
): Promise<Result<Opened<RoutineSignature>, AnalysisProblem>> {
  const reserved = reservedName(path)
  if (reserved !== undefined)
    return refuse(`do without \`${reserved}\`: it is none of the functions Sluice knows`)
  const named = routineName(path, defaults)
  if (named === undefined)
    return refuse(
      `\`${path.join('.')}\` is no function Sluice knows; a routine is called by project.dataset.routine`,
    )
  const found = await catalog.routine(named, named.routineId)
  if (!found.ok) return err(found.error)
  const routine = found.value
  const source: CatalogSource = { kind: 'routine', name: routine.name, etag: routine.etag }
  const hint = opaque(routine)
  if (hint !== undefined) return refuse(hint)
  const signature = {
    path,
    name: routine.name,
    arguments: routine.arguments.map(({ type }) => type),
  }
  if (routine.language !== 'SQL') {
    const { returnType } = routine
    if (returnType === undefined) return refuse(`give routine \`${routine.name}\` a return type`)
    const reads = { sources: new Map(), uses: [], routines: [] }
    const part = { ...signature, ...reads, returnType, mayFail: true }
    return ok({ part, policyTags: new Map(), sources: [source], mayFail: true })
  }
  const body = bodyQuery(routine)
  if (body === undefined)
    return refuse(`give routine \`${routine.name}\` arguments of a type, not of any type`)
  const { projectId } = named
  const inner = await lookInside(body, { projectId, defaultDataset: undefined }, routine.name)
  return inner.ok ? openBody(routine, signature, source, inner.value) : inner
}

/**
 * BigQuery has functions of its own whose names begin so, more every month. A dataset of such a name must not
 * make one of them, which may send what it is given to a model, look like a routine that somebody wrote.
 */
const RESERVED =
  /^(?:aead|ai|anon|bigframes|bq|bqml|d3a_count|dlp|error|geo|gsql|hll|hll_count|iferror|init_model|keys|kll|kll_quantiles|math|ml|net|obj|ranges?|regexp|safe|search|st|strings?|text|vector|vertex|zeta)$/i

function reservedName(path: readonly string[]): string | undefined {
  const [first = '', ...rest] = path.join('.').split('.')
  const inDataset = rest.length === 1 && RESERVED.test(first)
  return inDataset || first.toLowerCase() === 'safe' ? [first, ...rest].join('.') : undefined
}

/** A routine in the default dataset's project, or in the request's: where these differ it must be said. */
function routineName(path: readonly string[], { projectId, defaultDataset }: NameDefaults) {
  const [routineId = '', dataset = '', ...rest] = path.join('.').split('.').toReversed()
  const implied: ProjectId | undefined =
    defaultDataset === undefined || defaultDataset.projectId === projectId ? projectId : undefined
  const project = rest.length === 0 ? implied : parseProjectId(rest.toReversed().join('.'))
  const datasetId = parseDatasetId(dataset)
  return project === undefined || datasetId === undefined
    ? undefined
    : { projectId: project, datasetId, routineId }
}

function openBody(
  routine: CatalogRoutine,
  signature: Pick<RoutineSignature, 'path' | 'name' | 'arguments'>,
  source: CatalogSource,
  { lineage, policyTags, sources }: Touched,
): Result<Opened<RoutineSignature>, AnalysisProblem> {
  const [output] = lineage.outputs
  if (output === undefined) return refuse(`routine \`${routine.name}\` has no value`)
  const { uses, routines, mayFail } = lineage
  const part: RoutineSignature = {
    ...signature,
    returnType: routine.returnType ?? output.type,
    sources: new Map(
      [...allSources(output.flow)].map(([column, flow]) => [
        column,
        flow === 'implicit' ? flow : 'derived',
      ]),
    ),
    uses,
    routines,
    mayFail,
  }
  return ok({ part, policyTags, sources: [source, ...sources], mayFail })
}

/** Why Sluice cannot look into a routine. */
function opaque({ name, type, language, isRemote }: CatalogRoutine): string | undefined {
  if (isRemote) return `routine \`${name}\` runs outside BigQuery; do without it`
  if (type !== 'SCALAR_FUNCTION')
    return `\`${name}\` is no scalar function; query its tables instead`
  return language === 'SQL' || language === 'JAVASCRIPT'
    ? undefined
    : `routine \`${name}\` is in ${language}; only SQL and JAVASCRIPT are understood`
}

function refuse(hint: string): Result<never, AnalysisProblem> {
  return err({ problem: 'not-understood', hint })
}
