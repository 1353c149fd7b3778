import { type ErrorBody, type ErrorCode, type ErrorReason, errorBody } from '../bigquery/error.ts'
import type { UpstreamError } from '../bigquery/upstream-error.ts'
import { unreachable } from '../kernel/unreachable.ts'
import type { CallFacts } from '../recording/entry.ts'
import { denialWords } from './denial-words.ts'
import { notApprovedWords } from './held/not-approved-words.ts'
import type { Refusal } from './refusal.ts'

/**
 * Says no in BigQuery's words. The one place where a refusal becomes bytes; what the caller need not
 * know stays in the record. `call` is the id under which the record has it.
 *
 * Two rules from how clients retry: nothing permanent is a 5xx (Go would repeat it for ever), and
 * nothing that may have run carries a reason that makes a client run it again.
 */
export function wireError(
  refusal: Refusal,
  call: string,
  facts: CallFacts,
): { code: ErrorCode; body: ErrorBody } {
  const { code, reason, message } = words(refusal, facts)
  return { code, body: errorBody(code, reason, `${message} (Sluice call ${call})`) }
}

interface Words {
  readonly code: ErrorCode
  readonly reason: ErrorReason
  readonly message: string
}

const say = (code: ErrorCode, reason: ErrorReason, message: string): Words => ({
  code,
  reason,
  message,
})

function words(refusal: Refusal, facts: CallFacts): Words {
  switch (refusal.problem) {
    case 'token-missing':
      return say(401, 'authError', 'a bearer token is required; see the WWW-Authenticate header')
    case 'token-malformed':
      return say(401, 'authError', 'the bearer token is not a JWT; sign in again')
    case 'token-expired':
      return say(401, 'authError', 'the bearer token has expired; sign in again')
    case 'issuer-unknown':
      return say(401, 'authError', 'the bearer token comes from an issuer Sluice does not trust')
    case 'token-invalid':
      return say(401, 'authError', 'the bearer token is not valid for this Sluice; sign in again')
    case 'issuer-unreachable':
      return say(503, 'backendError', "the token issuer's keys cannot be had right now; try again")
    case 'body-too-large':
      return say(413, 'invalid', `the request body is larger than ${refusal.limit} bytes`)
    case 'malformed':
      return say(400, 'invalid', refusal.message)
    case 'syntax-error':
      return say(400, 'invalidQuery', refusal.message)
    case 'not-understood':
      return say(
        403,
        'accessDenied',
        `Access Denied: Sluice cannot tell all that this statement would do: ${refusal.hint}`,
      )
    case 'not-in-catalog':
      return say(404, 'notFound', `Not found: ${refusal.what}`)
    case 'analyzer-unavailable':
      return say(503, 'backendError', 'Sluice cannot analyse queries right now; try again')
    case 'denied':
      return say(
        403,
        'accessDenied',
        `Access Denied: ${denialWords(refusal.decision, facts)}: ${asked(facts)}`,
      )
    case 'not-ready':
      return say(503, 'backendError', 'Sluice is not ready to decide; try again')
    case 'not-offered':
      return say(403, 'accessDenied', `Sluice does not offer ${refusal.what}; ${refusal.hint}`)
    case 'unknown-method':
      return say(404, 'notFound', `Sluice does not offer \`${refusal.what}\``)
    case 'not-found':
      return say(404, 'notFound', `Not found: ${refusal.what}`)
    case 'job-id-taken':
      return say(409, 'duplicate', `Already Exists: ${refusal.what}`)
    case 'request-id-reused':
      return say(400, 'invalid', 'this requestId was used for another request; choose a new one')
    case 'record-unavailable':
      return say(
        503,
        'backendError',
        'Sluice cannot record this call right now, so it was not made; try again',
      )
    case 'questions-unanswered':
      return say(503, 'backendError', 'BigQuery does not say what its tables are; try again')
    case 'query-refused':
      return refusedByBigQuery(refusal.error)
    case 'outcome-unrecorded':
      return say(
        400,
        'stopped',
        `${subject(refusal.job)} was carried out, but Sluice could not record the outcome, so nothing is released; look before you repeat it`,
      )
    case 'upstream-failed':
      if (refusal.permanent)
        return say(
          403,
          'accessDenied',
          'Access Denied: BigQuery refuses the credential Sluice uses; tell the people who run Sluice',
        )
      return refusal.safeToRetry
        ? say(503, 'backendError', 'BigQuery did not answer; try again')
        : say(
            400,
            'stopped',
            `BigQuery did not answer, and ${subject(refusal.job)} may have been carried out; look before you repeat it`,
          )
    case 'reply-not-understood':
      return say(
        400,
        'stopped',
        `BigQuery answered in a form Sluice does not know, so nothing is released; ${subject(refusal.job)} may have been carried out`,
      )
    case 'too-many-requests':
      return say(
        429,
        'rateLimitExceeded',
        `more than ${refusal.most} requests of yours are under way; wait for some of them`,
      )
    case 'switched-off':
      return say(403, 'accessDenied', `Access Denied: queries are stopped: ${refusal.reason}`)
    case 'limit-reached':
      return limitWords(refusal)
    case 'approval-needed':
      return say(
        403,
        'accessDenied',
        `Access Denied: this needs the approval of people, which only a query can wait for; select what you need with one: ${asked(facts)}`,
      )
    case 'not-approved': {
      const { reason, message } = notApprovedWords(refusal.grant)
      return say(reason === 'stopped' ? 400 : 403, reason, message)
    }
    case 'nobody-to-ask':
      return say(403, 'accessDenied', nobodyWords(refusal.opensAt))
    case 'too-many-asked':
      return say(
        429,
        'rateLimitExceeded',
        `${refusal.most} queries of yours wait for approval; wait for some of them, or cancel them`,
      )
    case 'glass-not-yours':
      return say(
        403,
        'accessDenied',
        'Access Denied: policy does not let you go ahead without approval; send the query without `sluice-break-glass` to ask for it',
      )
    case 'glass-unjustified':
      return say(
        403,
        'accessDenied',
        'Access Denied: going ahead without approval needs a justification: send the header `sluice-justification` or the job label `sluice_justification`',
      )
    case 'caller-gone':
      return say(400, 'stopped', 'the connection was closed before there was an answer')
    case 'failed':
      return say(
        400,
        'stopped',
        'Sluice failed on this request and released nothing; tell the people who run it',
      )
    default:
      return unreachable(refusal)
  }
}

function nobodyWords(opensAt: number | undefined): string {
  const when =
    opensAt === undefined ? '' : ` before ${new Date(opensAt).toISOString().slice(0, 16)}Z`
  return `Access Denied: this needs the approval of people, and nobody may be asked${when}; ask then`
}

/** A limit of a minute passes while a client waits; one of a day is not worth trying again. */
function limitWords({ meter, most }: Extract<Refusal, { problem: 'limit-reached' }>): Words {
  switch (meter) {
    case 'queries-per-minute':
      return say(429, 'rateLimitExceeded', `the limit of ${most} queries a minute is reached`)
    case 'concurrent-jobs':
      return say(429, 'rateLimitExceeded', `the limit of ${most} queries at a time is reached`)
    case 'bytes-per-day':
      return say(403, 'accessDenied', `Access Denied: the limit of ${most} bytes a day is reached`)
    case 'governed-rows-per-day':
      return say(
        403,
        'accessDenied',
        `Access Denied: the limit of ${most} rows of governed data a day is reached`,
      )
    default:
      return unreachable(meter)
  }
}

/** BigQuery's own words for a statement that cannot run: they follow from names and types. */
function refusedByBigQuery({ reason, message }: UpstreamError): Words {
  if (reason === 'notFound') return say(404, 'notFound', message)
  if (reason === 'accessDenied') return say(403, 'accessDenied', message)
  return say(400, 'invalidQuery', message)
}

/** What was asked, in names the caller used: enough to ask somebody for a rule. */
function asked({ method, statementType, tables, targets, projectId }: CallFacts): string {
  const names = [...new Set([...targets, ...tables])].map((name) => `\`${name}\``).join(', ')
  const on = names === '' ? `project \`${projectId ?? ''}\`` : names
  return `${statementType ?? method} on ${on}`
}

const subject = (job: string | undefined): string => (job === undefined ? 'it' : `job ${job}`)
