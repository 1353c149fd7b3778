import { getCall } from '../../bigquery/build-call.ts'
import type { Json } from '../../bigquery/call.ts'
import { parseProjectId } from '../../bigquery/reference.ts'
import { parseErrorBody } from '../../bigquery/upstream-error.ts'
import { principalKey } from '../../identity/principal.ts'
import { type Result, err, ok } from '../../kernel/result.ts'
import { maskResource } from '../../masking/mask-reply.ts'
import { bareFacts } from '../../recording/bare-facts.ts'
import type { JobRecord } from '../../recording/job.ts'
import type { UpstreamReply } from '../../upstream/upstream.ts'
import { builtInDecision } from '../built-in-decision.ts'
import type { Caller } from '../caller.ts'
import { bodyDelivered } from '../delivery-facts.ts'
import { heldJob } from '../held/held-job-state.ts'
import { inBatches } from '../in-batches.ts'
import { ownJob } from '../job-resource.ts'
import { jobState } from '../job-state.ts'
import type { ServeMethod } from '../method.ts'
import { refuse } from '../outcome.ts'
import { lookUp } from '../own-jobs.ts'
import type { Parameters } from '../parameters.ts'
import { make } from '../pipeline.ts'
import type { Ports } from '../ports.ts'
import { type Resource, objectAt, parseResource, textAt } from '../resources.ts'
import { NOTHING_ASKED, type SendFailure } from '../send.ts'

const DEFAULT_PAGE = 50
const LARGEST_PAGE = 200
/** How far BigQuery's clock may be behind ours. */
const CLOCK_SKEW_MS = 60_000

/**
 * `jobs.list`: the caller's own jobs, newest first. BigQuery's list would be everybody's, so the ids
 * come from the record and only the states from BigQuery.
 */
export const listJobs: ServeMethod = async (ports, request) => {
  const { caller, callId, parameters, path } = request
  const projectId = parseProjectId(path['projectId'] ?? '')
  const facts = bareFacts('jobs.list', projectId)
  if (projectId === undefined)
    return refuse({ problem: 'not-found', what: 'Project' }, callId, facts)
  const listed = await lookUp(() =>
    ports.jobs.list({
      owner: principalKey(caller.principal),
      projectId,
      limit: Math.min(parameters.count('maxResults') ?? DEFAULT_PAGE, LARGEST_PAGE),
      before: parameters.text('pageToken'),
    }),
  )
  if (!listed.ok) return refuse(listed.error, callId, facts)
  if (!listed.value.ok)
    return refuse({ problem: 'malformed', message: 'invalid `pageToken`' }, callId, facts)
  const { jobs, before } = listed.value.value
  let states: readonly Listed[] = []
  return make(ports, caller, {
    callId,
    facts,
    decide: () => builtInDecision(caller.policy, projectId, 'own-job'),
    call: () => getCall('jobs.list', projectId, ['jobs']),
    handle: {
      repeatable: true,
      send: async () => {
        const wanted = jobs.filter(worthAsking(parameters))
        const replies = await inBatches(wanted, (job) => listedState(ports, caller, job))
        const failed = replies.find((reply) => !reply.ok)
        if (failed?.ok === false) return failed
        states = replies.flatMap((reply) =>
          reply.ok && reply.value.listed !== undefined ? [reply.value.listed] : [],
        )
        return ok(
          replies.flatMap((reply) => (reply.ok ? reply.value.reply : []))[0] ?? NOTHING_ASKED,
        )
      },
      mask: () => {
        const matches = filterOf(parameters)
        const masked = maskResource(
          {
            kind: 'bigquery#jobList',
            jobs: states
              .filter((each) => matches(each.state))
              .map((state) => listItem(state, caller, parameters)),
            ...(before === undefined ? {} : { nextPageToken: before }),
          },
          parameters.fields,
        )
        return ok({ reply: masked, delivery: bodyDelivered(masked), ends: 'call', failed: false })
      },
    },
  })
}

/** A job as BigQuery has it, and as the record has it. */
interface Listed {
  readonly state: Resource
  readonly record: JobRecord
}

/** One job as BigQuery has it now; no state for one it has forgotten, or does not tell about. */
async function listedState(
  ports: Ports,
  caller: Caller,
  job: JobRecord,
): Promise<Result<{ reply: UpstreamReply; listed: Listed | undefined }, SendFailure>> {
  const held = await heldJob(ports, caller, job)
  // Nobody could be asked about it, and BigQuery never hears of it.
  if (!held.ok && held.error.problem === 'not-approved')
    return ok({ reply: NOTHING_ASKED, listed: undefined })
  if (!held.ok) return err({ problem: 'upstream-garbled', mayHaveRun: false })
  if (held.value !== 'running')
    return ok({ reply: NOTHING_ASKED, listed: { state: held.value, record: job } })
  const sent = await jobState(ports, caller, job)
  if (!sent.ok) return sent
  if (isAboutThisJob(sent.value))
    return ok({ reply: { ...sent.value, status: 200 }, listed: undefined })
  const state = parseResource(sent.value.body)
  if (sent.value.status >= 400 || !state.ok)
    return err({ problem: 'upstream-garbled', mayHaveRun: false })
  return ok({ reply: sent.value, listed: { state: state.value, record: job } })
}

/** Whether BigQuery refuses this one job, and not, for a while, whatever it is asked. */
function isAboutThisJob({ status, body }: UpstreamReply): boolean {
  if (status < 400 || status === 401 || status === 429 || status >= 500) return false
  if (status === 404) return true
  const error = parseErrorBody(body)
  return error !== undefined && !LIMITS.includes(error.reason ?? '')
}

const LIMITS = ['rateLimitExceeded', 'quotaExceeded', 'jobRateLimitExceeded']

/** The shape of `JobList.jobs[]`. https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/list */
function listItem({ state, record }: Listed, caller: Caller, parameters: Parameters): Json {
  const own = ownJob(state, caller, record.release)
  const status = objectAt(own, 'status')
  const { configuration, ...rest } = own
  return {
    ...rest,
    kind: 'bigquery#job',
    state: status === undefined ? undefined : textAt(status, 'state'),
    errorResult: status?.['errorResult'],
    ...(parameters.text('projection')?.toLowerCase() === 'full' ? { configuration } : {}),
  }
}

/**
 * Whether BigQuery's state of a job could match. A job is recorded before it is created, so what was
 * recorded after the latest time was created after it too. Of the earliest time the record says
 * nothing: a job id can be claimed long before BigQuery hears of it.
 */
function worthAsking(parameters: Parameters): (job: JobRecord) => boolean {
  const to = Number(parameters.text('maxCreationTime') ?? Infinity)
  // Sluice runs no scripts, so no job has a parent.
  const hasParent = parameters.text('parentJobId') !== undefined
  return ({ at }) => !hasParent && at <= to + CLOCK_SKEW_MS
}

function filterOf(parameters: Parameters): (job: Resource) => boolean {
  const states = parameters.all('stateFilter').map((state) => state.toUpperCase())
  const from = Number(parameters.text('minCreationTime') ?? 0)
  const to = Number(parameters.text('maxCreationTime') ?? Infinity)
  return (job) => {
    const created = Number(textAt(job, 'statistics', 'creationTime') ?? 0)
    const state = textAt(job, 'status', 'state') ?? ''
    return created >= from && created <= to && (states.length === 0 || states.includes(state))
  }
}
