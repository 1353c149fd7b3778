import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'

import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { entryLabel } from '../../../shared/recording/job-labels.ts'
import { HELD, heldWorld } from '../../support/held-world.ts'
import * as faults from '../../support/stub-faults.ts'
import { errorReply } from '../../support/stub-replies.ts'
import type { Respond } from '../../support/stub-upstream.ts'
import { HOUR_MS, sweepAfter } from '../../support/sweep.ts'
import { JOBS, QUERIES, SELECT } from '../../support/world.ts'

type Here = Awaited<ReturnType<typeof heldWorld>>

const runs = {
  query: ({ gateway }: Here) => gateway.query(SELECT, soon),
  'named query': ({ gateway }: Here) =>
    gateway.query(SELECT, { with: { ...soon.with, requestId: 'r' } }),
  insert: ({ gateway }: Here) => gateway.insert(SELECT),
  'named insert': ({ gateway }: Here) =>
    gateway.insert(SELECT, { jobReference: { jobId: 'named' } }),
  'held query': ({ gateway }: Here) => gateway.query(HELD, soon),
  'named held query': ({ gateway }: Here) =>
    gateway.query(HELD, { with: { ...soon.with, requestId: 'h' } }),
  'named held insert': ({ gateway }: Here) =>
    gateway.insert(HELD, { jobReference: { jobId: 'held' } }),
} as const
const soon = { with: { timeoutMs: 0 } }

/** What BigQuery does to the next request; `lost` does what it is asked to, and nobody hears so. */
const answers = ['well', 'well', 'well', 'unheard', 'lost', 'outage', 'runs on'] as const

/** Where a handler dies: at one of its calls of the store, before or after that took effect. */
const crash = fc.record({
  when: fc.constantFrom('before', 'after'),
  at: fc.constantFrom(
    { type: 'request' },
    { type: 'approval' },
    { type: 'outcome' },
    { type: 'page' },
    { operation: 'jobs.claim' },
    { operation: 'jobs.find' },
    { operation: 'jobs.list' },
    { operation: 'get' },
    { operation: 'list' },
  ),
  times: fc.constantFrom(1, 2, 3, Infinity),
} as const)

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('run'),
      run: fc.constantFrom<keyof typeof runs>(
        'query',
        'named query',
        'insert',
        'named insert',
        'held query',
        'named held query',
        'named held insert',
      ),
    }),
  },
  fc.record({ do: fc.constant('vote'), verdict: fc.constantFrom('approve', 'deny') }),
  fc.record({ do: fc.constant('fetch'), from: fc.constantFrom(JOBS, QUERIES) }),
  fc.record({ do: fc.constant('tidy') }),
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('sweep'),
      afterMinutes: fc.constantFrom(0, 20, 55, 71, 300),
      sweepers: fc.constantFrom(1, 2),
    }),
  },
)

const story = fc.array(
  fc.record({ step, answer: fc.constantFrom(...answers), crash: fc.option(crash) }),
  { minLength: 1, maxLength: 7 },
)

test('wherever handlers and sweepers die, every call ends once, and nothing runs twice', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (steps) => {
      const here = await heldWorld({ mayFail: true, hold: { usualMs: 0 }, upstreamTimeoutMs: 100 })
      try {
        for (const each of steps) await play(here, each)
        await settle(here)
        expectOneEndEach(here)
      } finally {
        await here.gateway.close()
      }
    }),
    { numRuns: 60 },
  )
}, 120_000)

async function play(
  here: Here,
  {
    step: now,
    answer,
    crash: dies,
  }: (typeof story extends fc.Arbitrary<infer T> ? T : never)[number],
): Promise<void> {
  const { gateway, vote } = here
  gateway.bigQuery.pendingAnswers = answer === 'runs on' ? 3 : 0
  gateway.upstream.respond(respondWith(here, answer))
  if (dies !== null) gateway.store.failNext(dies.when, { ...dies.at, times: dies.times })
  switch (now.do) {
    case 'run':
      await alone(runs[now.run](here))
      break
    case 'vote':
      for (const id of await gateway.state.grants.listOpen(9)) {
        const grant = await gateway.state.grants.find(id)
        if (grant !== undefined) await alone(vote(grant, 'petra', now.verdict))
      }
      break
    case 'fetch':
      for (const id of gateway.bigQuery.jobs.keys())
        await alone(gateway.request(`${now.from}/${id}?timeoutMs=0`, { as: 'ana' }))
      break
    case 'tidy':
      await alone(gateway.desk.sweep())
      break
    case 'sweep': {
      const { length } = gateway.upstream.requests
      gateway.time.offset += now.afterMinutes * 60_000
      await Promise.all(Array.from({ length: now.sweepers }, () => alone(sweepAfter(gateway, 0))))
      // A sweep looks, and does nothing else.
      for (const { method } of gateway.upstream.requests.slice(length)) expect(method).toBe('GET')
    }
  }
  gateway.store.recover()
  gateway.upstream.respond(gateway.bigQuery.respond)
}

/** Whoever dies hears nothing of it, and keeps nobody else from going on. */
async function alone(work: Promise<unknown>): Promise<void> {
  await Promise.allSettled([work])
}

/** All is well again, and time goes by. */
async function settle({ gateway }: Here): Promise<void> {
  for (let hours = 0; hours < 60; hours += 6) {
    for (const job of gateway.bigQuery.jobs.values()) job.pending = 0
    await gateway.desk.sweep()
    await sweepAfter(gateway, 6 * HOUR_MS)
  }
}

function expectOneEndEach({ gateway, story: storyOf }: Here): void {
  const { store, bigQuery } = gateway
  const labels = [...bigQuery.jobs.values()].map(({ configuration }) =>
    JSON.stringify(configuration['labels']),
  )
  const requests = store
    .stored()
    .flatMap(({ entry, hash }) => (entry.type === 'request' ? [{ entry, hash }] : []))
  for (const { entry, hash } of requests) {
    const { call } = entry
    const told = storyOf(call)
    const ends = store.ofType('outcome').filter((each) => each.call === call)
    expect(ends, told.join()).toHaveLength(1)
    const ran = labels.filter((label) => label.includes(entryLabel(hash))).length
    expect(ran, told.join()).toBeLessThanOrEqual(1)
    const [end] = ends
    const left = store
      .ofType('page')
      .filter((page) => page.call === call && page.delivery.errorReason === undefined)
    if (ran === 0) {
      expect(['released', 'executed-not-delivered'], told.join()).not.toContain(end?.outcome)
      expect(left).toEqual([])
    }
    if (end?.outcome === 'not-run' || /has not heard|no such job/.test(end?.detail ?? ''))
      expect(ran, `${told.join()} ${end?.detail}`).toBe(0)
    if (end?.outcome === 'not-run') expect(told.includes('approval:started')).toBe(false)
  }
}

function respondWith({ gateway }: Here, answer: (typeof answers)[number]): Respond {
  switch (answer) {
    case 'unheard':
      return faults.resetBeforeHeaders
    case 'outage':
      return errorReply(503, 'backendError', 'later', 'UNAVAILABLE')
    case 'lost':
      return async (request, response) => {
        await gateway.bigQuery.respond(
          request,
          new ServerResponse(new IncomingMessage(new Socket())),
        )
        await faults.resetBeforeHeaders(request, response)
      }
    case 'well':
    case 'runs on':
      return gateway.bigQuery.respond
  }
}
