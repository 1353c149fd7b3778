import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

import { decodeMessage } from '../../shared/adapters/message-codec.ts'
import {
  type PubSubPublisher,
  pubSubPublisher,
} from '../../shared/adapters/pubsub/pubsub-publisher.ts'
import { pushRoutes } from '../../shared/approval-desk/push-routes.ts'
import type { VerifyPush } from '../../shared/identity/push-token.ts'
import { ok } from '../../shared/kernel/result.ts'
import { pubSubEmulator } from '../support/pubsub-emulator.ts'
import { sampleRequested, sampleVote } from '../support/sample-messages.ts'
import { served } from '../support/served.ts'
import { type Ends, type OpenQueue, queueContract } from './queue.ts'

const emulator = await pubSubEmulator()
const why = 'missing' in emulator ? `: ${emulator.missing}` : ''
const host = 'host' in emulator ? emulator.host : ''

if (why !== '') console.warn(`the contract of the queue was not tried on Pub/Sub${why}`)

const topics = {
  'dev.sluice.approval.requested': 'approval-requests',
  'dev.sluice.approval.vote': 'approval-decisions',
}
const DEAD_LETTERS = 'approval-dead-letters'

/** The emulator signs nothing; test/attack/approvals/push.test.ts has what a real token must be. */
const emulatorSignsNothing: VerifyPush = async (authorization) => {
  expect(authorization).toBeUndefined()
  return ok(undefined)
}

describe.skipIf('missing' in emulator)(`pubsub${why}`, () => {
  beforeAll(() => {
    vi.stubEnv('PUBSUB_EMULATOR_HOST', host)
  })
  afterAll(() => {
    vi.unstubAllEnvs()
  })

  queueContract(open)

  test('a topic that does not exist is an error, not a wait', async () => {
    const publisher = publisherOf(newProject())
    await expect(publisher.publish(sampleVote())).rejects.toThrow(
      'not published to `approval-decisions`: gRPC status 5',
    )
    await publisher.close()
  })
})

describe('a publisher of Pub/Sub', () => {
  afterAll(() => {
    vi.unstubAllEnvs()
  })

  test('gives up after its time, and says nothing of the message', async () => {
    vi.stubEnv('PUBSUB_EMULATOR_HOST', '127.0.0.1:9')
    const publisher = publisherOf(newProject(), 300)
    const begun = performance.now()
    const failure: unknown = await publisher.publish(sampleVote()).catch((cause: unknown) => cause)
    expect(performance.now() - begun).toBeLessThan(3_000)
    expect(failure).toMatchObject({ message: 'not published to `approval-decisions`: no answer' })
    expect(failure).not.toHaveProperty('cause')
    await publisher.close()
    await expect(publisher.publish(sampleRequested())).rejects.toThrow('closed')
  })

  test('that cannot sign in says so each time, and ends nothing else', async () => {
    vi.stubEnv('PUBSUB_EMULATOR_HOST', undefined)
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '/canary/key.json')
    const publisher = publisherOf(newProject())
    for (let n = 0; n < 3; n++) {
      const failure: unknown = await publisher
        .publish(sampleVote())
        .catch((cause: unknown) => cause)
      expect(String(failure)).toContain('not published')
      expect(JSON.stringify(failure) + String(failure)).not.toContain('canary')
    }
    await publisher.close()
  })
})

/** A project with the topics, and push subscriptions to a server of ours. */
async function open(ends: Ends): Promise<OpenQueue> {
  const project = newProject()
  const name = (kind: string, id: string): string => `projects/${project}/${kind}/${id}`
  const subscriptions = Object.values(topics).map((topic) => name('subscriptions', topic))
  const server = await served(() =>
    pushRoutes({
      ...ends,
      verifyPush: emulatorSignsNothing,
      clock: () => Date.now(),
      subscriptions,
      deadLetterSubscriptions: [name('subscriptions', DEAD_LETTERS)],
      decode: decodeMessage,
      onPoison: (poison) => Promise.reject(new Error(JSON.stringify(poison))),
      onRefused: (problem) => console.error(problem),
      onFailure: () => {},
    }),
  )
  for (const topic of [...Object.values(topics), DEAD_LETTERS])
    await create(name('topics', topic), {})
  for (const topic of Object.values(topics))
    await create(name('subscriptions', topic), {
      topic: name('topics', topic),
      pushConfig: { pushEndpoint: `${server.url}/` },
      ackDeadlineSeconds: 60,
      deadLetterPolicy: {
        deadLetterTopic: name('topics', DEAD_LETTERS),
        maxDeliveryAttempts: 5,
      },
    })
  await create(name('subscriptions', DEAD_LETTERS), {
    topic: name('topics', DEAD_LETTERS),
    pushConfig: { pushEndpoint: `${server.url}/dead-letter` },
    ackDeadlineSeconds: 60,
  })

  const publisher = publisherOf(project)
  return {
    publish: publisher.publish,
    away: async (message) => {
      vi.stubEnv('PUBSUB_EMULATOR_HOST', '127.0.0.1:9')
      const away = publisherOf(project, 300)
      try {
        await away.publish(message)
      } finally {
        await away.close()
        vi.stubEnv('PUBSUB_EMULATOR_HOST', host)
      }
    },
    close: async () => {
      await publisher.close()
      for (const subscription of [...subscriptions, name('subscriptions', DEAD_LETTERS)])
        await fetch(`http://${host}/v1/${subscription}`, { method: 'DELETE' })
      await server.close()
    },
  }
}

async function create(name: string, body: object): Promise<void> {
  const response = await fetch(`http://${host}/v1/${name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(await response.text())
}

const publisherOf = (projectId: string, timeoutMs?: number): PubSubPublisher =>
  pubSubPublisher({ projectId, topics, ...(timeoutMs === undefined ? {} : { timeoutMs }) })

/** A project that nobody else has, so that one emulator serves all tests. */
function newProject(): string {
  return `test-${randomUUID().slice(0, 18)}`
}
