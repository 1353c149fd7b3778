import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, test } from 'vitest'

import { type Seeded, seedDay } from '../../infra/local/seed/seed-day.ts'
import { dayStory } from '../../infra/local/seed/story/day-story.ts'
import { timeOfDay } from '../../infra/local/seed/stretch-of.ts'
import { whyNot } from '../../infra/local/seed/why-not.ts'
import type { Entry } from '../../shared/recording/entry.ts'
import { freePort } from '../support/free-port.ts'

const DAY = '2026-03-04'
const policy = join(import.meta.dirname, '../../infra/policy/example.yaml')
const folders: string[] = []

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
})

test('the same day has the same story, another day another', () => {
  expect(dayStory(DAY)).toEqual(dayStory(DAY))
  expect(dayStory('2026-03-05')).not.toEqual(dayStory(DAY))
})

test('a day has people, agents and CI, and everything that can become of a call', () => {
  const story = dayStory(DAY)
  expect(story.length).toBeGreaterThan(300)
  const queries = story.filter((step) => step.kind === 'query')
  expect(new Set(queries.map(({ by }) => by.key)).size).toBeGreaterThan(25)
  expect(new Set(queries.map(({ by }) => by.actor.id))).toEqual(
    new Set(
      ['ana', 'carla', 'petra', 'paul', 'otto', 'ada'].concat([
        'mcp-agent',
        'research-agent',
        'ci-etl',
      ]),
    ),
  )
  for (const expected of ['rows', 'held', 'denied', 'invalid', 'not-found'])
    expect(queries.map(({ expect: each }) => each)).toContain(expected)
})

test('played twice, it is the same record but for ids, keys and signatures', async () => {
  const ports = { port: await freePort(), issuerPort: await freePort(), bigqueryPort: 0 }
  // The build that is refused, the night, the tokens nobody believes, a round, Ana's notebook.
  const until = timeOfDay('08:12:00')
  const play = async (): Promise<{ seeded: Seeded; told: unknown[]; state: string }> => {
    const state = mkdtempSync(join(tmpdir(), 'sluice-seed-'))
    folders.push(state)
    const entries: Entry[] = []
    const onEntry = (entry: Entry) => void entries.push(entry)
    const seeded = await seedDay({ day: DAY, state, policy, ...ports, until, onEntry })
    return { seeded, told: entries.map(toldOf), state }
  }
  const before = Date.now()
  const [first, second] = [await play(), await play()]
  expect(first.seeded.calls).toBeGreaterThan(45)
  expect(second).toEqual({ ...first, state: second.state })
  // The usual time is back.
  expect(Date.now() - before).toBeLessThan(600_000)
  expect(Date.now()).toBeGreaterThan(before)

  const again = await whyNot(first.state, { day: DAY, ...ports })
  expect(again).toMatchObject({ code: 3, text: expect.stringContaining('2026-03-04T08:') })
  expect(await whyNot(first.state, { day: '2026-03-05', ...ports })).toBeUndefined()
}, 120_000)

test('a day that is not over is refused, and so are ports that somebody has', async () => {
  const port = await freePort()
  const state = join(tmpdir(), 'sluice-seed-none')
  const ports = { port, issuerPort: port, bigqueryPort: port }
  const today = new Date().toISOString().slice(0, 10)
  expect(await whyNot(state, { day: today, ...ports })).toMatchObject({ code: 2 })
  const { createServer } = await import('node:net')
  const server = createServer().listen(port, '127.0.0.1')
  try {
    expect(await whyNot(state, { day: DAY, ...ports })).toEqual({
      code: 1,
      text: `port ${port} is taken; is \`npm start\` running? stop it first`,
    })
  } finally {
    server.close()
  }
})

/** What is the same each time: who, when, in which session, what, and what became of it. */
function toldOf(entry: Entry): unknown {
  const { type, at } = entry
  const time = new Date(at).toISOString().slice(0, 19)
  // How long something takes is the machine's affair: what ends, or is sealed, may be a second later.
  if (entry.type === 'outcome') return { type, session: entry.session, outcome: entry.outcome }
  if (entry.type === 'session-opened') return { type, time, session: entry.session.id }
  if (entry.type !== 'request' && entry.type !== 'refusal') return { type }
  const { principal, session, strippedSql, decision, method } = entry
  const who = principal?.subject
  const problem = entry.type === 'refusal' ? entry.problem : undefined
  return { type, time, who, session: session?.id, method, strippedSql, decision, problem }
}
