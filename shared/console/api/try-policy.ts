import { type Result, ok } from '../../kernel/result.ts'
import { parsePolicy } from '../../policy/parse-policy.ts'
import type { AuditSurface } from '../audit-ports.ts'
import { type AuditRefusal, auditRefusalWords } from '../audit-refusal.ts'
import { recordAudit } from '../auditor.ts'
import { freshIndex } from '../calls/find.ts'
import type { WhatIfReport } from '../views/policy-view.ts'
import { type WhatIfProgress, whatIf } from '../what-if/what-if.ts'
import type { Answer, Asked } from './audit-route.ts'
import { problemsOf } from './policy-problems.ts'
import type { PolicyPorts } from './policy-routes.ts'
import { refuse, tellJson } from './serve-route.ts'

/** A policy to be tried on the calls of a span of time; RFC 3339. */
interface Tried {
  readonly policy: string
  readonly from: string
  readonly to: string
}

const NDJSON = 'application/x-ndjson'
/** Telling of every call would be most of the work. */
const TOLD_EVERY = 20

/**
 * Tries a policy; that somebody does is durable before the record is read. `onEnd` is called once, when it is over, however
 * it ends.
 */
export async function tryPolicy(
  ports: PolicyPorts,
  surface: AuditSurface,
  { c, caller, body }: Asked<unknown, unknown, Tried>,
  onEnd: () => void,
): Promise<Result<Answer, AuditRefusal>> {
  let isStreaming = false
  try {
    const inForce = ports.policy()
    if (!inForce.ok) return refuse({ problem: 'not-ready' })
    const candidate = parsePolicy(body.policy)
    if (!candidate.ok) return refuse({ problem: 'malformed', message: wrongWith(candidate) })
    const { from, to } = body
    const { digest } = candidate.value
    const recorded = await recordAudit(ports, caller, {
      type: 'audit-read',
      what: 'what-if',
      filter: { policy: digest, from, to },
      withPrivate: false,
    })
    if (!recorded.ok) return refuse({ problem: 'record-unavailable', cause: recorded.error })
    await freshIndex(ports)
    const run = whatIf(
      ports,
      { candidate: candidate.value, inForce: inForce.value },
      { from: Date.parse(from), to: Date.parse(to) },
      ports.whatIfLimits,
    )
    if (c.req.header('accept')?.includes(NDJSON) !== true) return tellJson(await endOf(run))
    isStreaming = true
    const stream = streamOf(run, surface.onFailure, onEnd)
    return ok({ response: new Response(stream, { headers: HEADERS }) })
  } finally {
    if (!isStreaming) onEnd()
  }
}

const HEADERS = {
  'content-type': NDJSON,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

type Run = AsyncGenerator<WhatIfProgress, WhatIfReport>

async function endOf(run: Run): Promise<WhatIfReport> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- in their order
    const { done, value } = await run.next()
    if (done === true) return value
  }
}

/** Lines as they come to be, for somebody who waits; one that says so when it fails. */
function streamOf(
  run: Run,
  onFailure: (cause: unknown) => void,
  onEnd: () => void,
): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      try {
        for (;;) {
          // oxlint-disable-next-line no-await-in-loop -- in their order
          const { done, value } = await run.next()
          if (done === true) {
            controller.enqueue(lineOf({ report: value }))
            break
          }
          if (value.done % TOLD_EVERY === 1) return controller.enqueue(lineOf({ progress: value }))
        }
      } catch (cause) {
        onFailure(cause)
        const { message } = auditRefusalWords({ problem: 'failed', cause })
        controller.enqueue(lineOf({ error: { message } }))
      }
      onEnd()
      controller.close()
    },
    async cancel() {
      onEnd()
      await run.throw(new Error('nobody reads it any more')).catch(() => undefined)
    },
  })
}

function lineOf(value: object): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value)}\n`)
}

/** The first of what is wrong: `POST /policy/check` says all of it. */
function wrongWith(parsed: Parameters<typeof problemsOf>[0]): string {
  const [first, ...rest] = problemsOf(parsed)
  const more = rest.length === 0 ? '' : `, and ${rest.length} more`
  return `the policy is refused: ${first?.line}:${first?.column}: ${first?.message}${more}`
}
