import { setTimeout as wait } from 'node:timers/promises'

import { z } from 'zod'

import type { Call } from './call.ts'
import { knock } from './knock.ts'
import type { Expected, KnockStep, PageStep, PollStep, QueryStep, Step, VoteStep } from './step.ts'

/** What a teller can do in the world. */
export interface TellerWorld {
  readonly call: Call
  /** The newest request for approval. */
  readonly newestGrant: () => string | undefined
  /** The token of a stretch of work, good or not; undefined when it had none. */
  readonly oldToken: (key: string) => string | undefined
  readonly setPolicy: (edition: 'morning' | 'afternoon') => Promise<void>
}

const QUERIES = '/bigquery/v2/projects/acme/queries'

const Answer = z.object({
  jobComplete: z.boolean().optional(),
  jobReference: z.object({ jobId: z.string().optional() }).optional(),
  pageToken: z.string().optional(),
})
type Answer = z.infer<typeof Answer>

/** Does the steps of a day, one after another. Rejects when something ends otherwise than the story says. */
export function teller(world: TellerWorld): (step: Step) => Promise<void> {
  const answers = new Map<string, Answer>()
  const grants = new Map<string, string>()

  const query = async (step: QueryStep): Promise<void> => {
    const { by, sql, name, dryRun, maxResults, parameters, justification, breakGlass } = step
    const reply = await world.call({
      by,
      path: QUERIES,
      headers: {
        ...(justification !== undefined && { 'sluice-justification': justification }),
        ...(breakGlass === true && { 'sluice-break-glass': 'true' }),
      },
      body: {
        query: sql,
        useLegacySql: false,
        // Nothing waits in this day: what is held is looked at again later.
        ...(step.expect === 'held' && { timeoutMs: 0 }),
        ...(dryRun === true && { dryRun }),
        ...(maxResults !== undefined && { maxResults }),
        ...(by.actor.labels !== undefined && { labels: by.actor.labels }),
        ...(parameters !== undefined && named(parameters)),
      },
    })
    const answer = expected(reply, step.expect, sql)
    if (name === undefined) return
    if (answer !== undefined) answers.set(name, answer)
    const grant = world.newestGrant()
    if (grant !== undefined) grants.set(name, grant)
  }

  const rowsOf = (of: string, parameters: Readonly<Record<string, string>>): string =>
    `${QUERIES}/${answers.get(of)?.jobReference?.jobId ?? ''}?${new URLSearchParams({ location: 'US', ...parameters }).toString()}`

  const poll = async ({ by, of, expect }: PollStep): Promise<void> => {
    const held = await world.call({ by, path: rowsOf(of, { timeoutMs: '10000' }) })
    expected(held, expect, of)
  }

  const page = async ({ by, of, maxResults }: PageStep): Promise<void> => {
    const pageToken = answers.get(of)?.pageToken ?? ''
    const path = rowsOf(of, { pageToken, maxResults: String(maxResults) })
    const answer = expected(await world.call({ by, path }), 'rows', of)
    if (answer?.jobReference !== undefined) answers.set(of, answer)
  }

  const vote = async ({ by, on, verdict, reason }: VoteStep): Promise<void> => {
    const path = `/v1/approvals/${grants.get(on) ?? ''}`
    const shown = Shown.parse((await world.call({ by, path })).body)
    const isReview = verdict === 'review'
    const { status, body } = await world.call({
      by,
      path: `${path}/${isReview ? 'review' : 'votes'}`,
      body: isReview ? { finding: reason } : { verdict, reason, digest: shown.digest },
    })
    if (status !== 200) throw unlike(`the ${verdict} of \`${on}\``, status, body)
    // What it starts is under way in this process; the clock stands still meanwhile.
    await wait(SETTLES_MS)
  }

  return async (step) => {
    switch (step.kind) {
      case 'query':
        return query(step)
      case 'poll':
        return poll(step)
      case 'page':
        return page(step)
      case 'vote':
        return vote(step)
      case 'read': {
        const { status, body } = await world.call(step)
        if (status !== step.status) throw unlike(step.path, status, body)
        return undefined
      }
      case 'knock':
        return knocked(step)
      case 'policy':
        return world.setPolicy(step.edition)
    }
  }

  async function knocked(step: KnockStep): Promise<void> {
    const { status, body } = await knock(world.call, step, world.oldToken)
    if (status !== 401) throw unlike('a token nobody should believe', status, body)
  }
}

const SETTLES_MS = 150

const Shown = z.object({ digest: z.string() })

function named(parameters: Readonly<Record<string, string>>): object {
  return {
    parameterMode: 'NAMED',
    queryParameters: Object.entries(parameters).map(([name, value]) => ({
      name,
      parameterType: { type: 'STRING' },
      parameterValue: { value },
    })),
  }
}

const STATUS: Readonly<Record<Expected, number>> = {
  rows: 200,
  held: 200,
  denied: 403,
  invalid: 400,
  'not-found': 404,
}

/** The answer, if it is one. Throws when it is another than the story says. */
function expected(
  { status, body }: { readonly status: number; readonly body: unknown },
  expect: Expected,
  what: string,
): Answer | undefined {
  const answer = status === 200 ? Answer.parse(body) : undefined
  const isHeld = answer?.jobComplete === false
  if (status !== STATUS[expect] || isHeld !== (expect === 'held')) throw unlike(what, status, body)
  return answer
}

function unlike(what: string, status: number, body: unknown): Error {
  return new Error(
    `not as the story has it: ${what}: ${status} ${JSON.stringify(body).slice(0, 400)}`,
  )
}
