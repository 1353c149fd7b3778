import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'

import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import { inProcessQueue } from '../../../shared/adapters/in-process-queue/in-process-queue.ts'
import { encodeMessage } from '../../../shared/adapters/message-codec.ts'
import { parseGrantId } from '../../../shared/approval/grant-id.ts'
import type { GrantId } from '../../../shared/approval/grant.ts'
import type { ApprovalMessage, VoteCast } from '../../../shared/approval/messages.ts'
import type { Receivers } from '../../../shared/approval/receivers.ts'
import { newCallId } from '../../../shared/recording/call-id.ts'
import { type AttackWorld, attackWorld } from '../../support/approval-attack.ts'
import { CLAIMS } from '../../support/approval-world.ts'

let here: AttackWorld
let output: string[]
beforeAll(async () => {
  here = await attackWorld()
})
beforeEach(() => {
  output = []
  const listen = (chunk: unknown) => {
    output.push(String(chunk))
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(listen)
  vi.spyOn(process.stderr, 'write').mockImplementation(listen)
})
afterEach(() => {
  vi.restoreAllMocks()
})
afterAll(() => here.close())

let asked = 0
const held = () => here.held(`${CLAIMS} OFFSET ${(asked += 1)}`)

function newGrantId(): GrantId {
  const id = parseGrantId(newCallId(randomBytes))
  if (id === undefined) throw new Error('no id')
  return id
}

const no = (grant: Parameters<AttackWorld['voteOf']>[0], id = grant.id): VoteCast => {
  const vote = here.voteOf(grant, 'petra', 'deny')
  return { type: 'dev.sluice.approval.vote', id: vote.id, at: Date.now(), grant: id, vote }
}

test('B56 a message that nobody can settle holds up no other', async () => {
  const [first, second] = [await held(), await held()]
  const { publish } = here.gateway.ports
  // About grants that never were.
  for (let n = 0; n < 20; n++)
    // oxlint-disable-next-line no-await-in-loop -- one before the other
    await publish(no(first.grant, newGrantId()))
  await publish(no(second.grant))
  await vi.waitFor(async () => expect(await here.stateOf(second.grant)).toBe('denied'), 10_000)
  expect(await here.stateOf(first.grant)).toBe('approval-awaited')
})

test('B56 a vote that is there before its grant waits for it', async () => {
  const { grant } = await held()
  const late = { ...grant, id: newGrantId(), call: newCallId(randomBytes), events: grant.events }
  await here.gateway.ports.publish(no(grant, late.id))
  // Longer than all of its tries.
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(await here.gateway.state.grants.find(late.id)).toBeUndefined()
  await here.gateway.state.grants.open(late)
  await vi.waitFor(async () => expect(await here.stateOf(late)).toBe('denied'), 5_000)
  expect(here.jobsOf(late)).toBe(0)
})

/** A queue whose resolver fails so often, and what became of its messages. */
function failing(times: number) {
  const dead: ApprovalMessage[] = []
  let left = times
  const vote = here.gateway.desk.receive['dev.sluice.approval.vote']
  const receive: Receivers = {
    'dev.sluice.approval.vote': async (message) => {
      if ((left -= 1) >= 0) throw new Error('down')
      await vote?.(message)
    },
  }
  const queue = inProcessQueue({
    receive,
    deadLetter: async (message) => {
      dead.push(message)
      if ((left -= 1) >= 0) throw new Error('still down')
      await here.gateway.desk.deadLetter(message)
    },
    onFailure: () => {},
    firstBackoffMs: 1,
  })
  return { queue, dead }
}

test.each([
  ['tried again', 3, 0],
  ['read from the dead letters', 5, 1],
  ['read from the dead letters until somebody can', 9, 5],
])('B56 a no that failed is %s, and is not lost', async (_, times, dead) => {
  const { grant, jobId } = await held()
  const failed = failing(times)
  await failed.queue.publish(no(grant))
  await vi.waitFor(async () => expect(await here.stateOf(grant)).toBe('denied'), 5_000)
  expect(failed.dead).toHaveLength(dead)
  // A yes that comes meanwhile or afterwards does not outrun it.
  await here.vote(grant, 'paul')
  expect(await here.rowsOf(jobId)).toMatchObject({ status: 403 })
  expect(here.jobsOf(grant)).toBe(0)
  await failed.queue.close()
})

test('B56 a no outlives an outage of the store, and of the record', async () => {
  const { grant } = await held()
  here.gateway.store.failNext('before', { times: 30 })
  await here.gateway.ports.publish(no(grant))
  await vi.waitFor(async () => expect(await here.stateOf(grant)).toBe('denied'), 5_000)
  here.gateway.store.recover()
  await here.gateway.desk.sweep()
  expect(here.story(grant.call)).toContain('approval:denied')
})

test('B63 what goes through queues and logs holds nothing of a query, its values or its result', async () => {
  const canaries = ['canary-sql', 'canary-parameter', 'canary-label', 'canary-why', 'canary-cell']
  await here.behind(`CREATE TABLE acme.hospital.x_canary AS SELECT 'canary-cell' AS secret`)
  const before = here.published.length
  const ask = (n: number) =>
    here.held(`SELECT secret, 'canary-sql' AS x, @p AS p, ${n} AS n FROM acme.hospital.x_canary`, {
      headers: { 'sluice-justification': 'canary-why' },
      with: {
        labels: { team: 'canary-label' },
        parameterMode: 'NAMED',
        queryParameters: [
          {
            name: 'p',
            parameterType: { type: 'STRING' },
            parameterValue: { value: 'canary-parameter' },
          },
        ],
      },
    })
  const { grant, jobId } = await ask(1)
  await here.cast(grant, 'petra')
  const rows = await here.rowsOf(jobId)
  for (const canary of ['canary-sql', 'canary-parameter', 'canary-cell'])
    expect(rows.text).toContain(canary)
  const denied = await ask(2)
  await here.cast(denied.grant, 'petra', { verdict: 'deny', reason: 'no' })
  const failed = await ask(3)
  here.gateway.store.failNext('before', { type: 'approval', times: 6 })
  await here.cast(failed.grant, 'petra')
  here.gateway.store.recover()
  await here.gateway.desk.sweep()

  const messages = here.published.slice(before)
  expect(messages.map(({ type }) => type)).toContain('dev.sluice.approval.requested')
  expect(messages.map(({ type }) => type)).toContain('dev.sluice.approval.vote')
  // What waits, is delivered and ends among the dead letters is these bytes.
  const wire = messages
    .map(encodeMessage)
    .map(({ attributes, data }) =>
      [JSON.stringify(attributes), Buffer.from(data).toString('utf8')].join('\n'),
    )
  const troubles = here.gateway.troubles.map((cause) => inspect(cause, { depth: 8 }))
  const said = [...wire, ...troubles, ...output].join('\n')
  for (const canary of canaries) expect(said).not.toContain(canary)
})
