import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import type { Grant } from '../../../shared/approval/grant.ts'
import { standingOf } from '../../../shared/approval/standing.ts'
import { type ApprovalsApiWorld, approvalsApiWorld } from '../../support/approvals-api-world.ts'
import type { Person } from '../../support/people.ts'
import { runSluice } from '../../support/run-sluice.ts'
import { ASKED_AT, HOUR, sampleGrantId, sampleTerms } from '../../support/sample-grant.ts'
import { served } from '../../support/served.ts'

let world: ApprovalsApiWorld
let gateway: Awaited<ReturnType<typeof served>>
let folder: string
beforeEach(async () => {
  world = approvalsApiWorld()
  world.knobs.now = Date.now()
  gateway = await served(() => world.app)
  folder = mkdtempSync(join(tmpdir(), 'sluice-approvals-'))
})
afterEach(async () => {
  await gateway.close()
  rmSync(folder, { recursive: true })
})

async function approvals(who: Person, ...args: readonly string[]) {
  const file = join(folder, 'token')
  writeFileSync(file, `${await world.token(who)}\n`)
  return runSluice('approvals', ...args, '--gateway', gateway.url, '--token-file', file)
}

const ask = (change: Parameters<ApprovalsApiWorld['ask']>[0] = {}): Promise<Grant> =>
  world.ask({ requestedAt: Date.now(), expiresAt: Date.now() + HOUR, ...change })

const begin = ({ id }: Grant) => id.slice(0, 8)

describe('sluice approvals list', () => {
  test('is a table without colours, with the beginning of each id', async () => {
    const grant = await ask()
    const { code, out } = await approvals('petra', 'list')
    expect(code).toBe(0)
    expect(out.split('\n')).toEqual([
      'ID        STATE             WHO               WHAT                            COST      UNTIL      YOU MAY',
      `${begin(grant)}  approval-awaited  ana@acme.example  SELECT on acme.hospital.claims  USD 0.01  in 60 min  vote, revoke`,
      '',
    ])
  })

  test('says so when there is nothing', async () => {
    expect((await approvals('petra', 'list')).out).toMatch(/^nothing waits/)
  })

  test('is one JSON document', async () => {
    const grant = await ask()
    const { out } = await approvals('petra', 'list', '--json')
    expect(JSON.parse(out)).toMatchObject({
      approvals: [{ id: grant.id, youMay: ['vote', 'revoke'] }],
    })
  })
})

describe('sluice approvals show', () => {
  test('says all that is to be known before somebody decides', async () => {
    const grant = await ask({
      request: {
        sql: 'SELECT name\nFROM claims',
        parameters: [{ name: 'p', parameterValue: { value: '7' } }],
      },
    })
    const { code, out } = await approvals('petra', 'show', grant.id.slice(0, 6))
    expect(code).toBe(0)
    for (const text of [
      `${grant.id}  approval-awaited`,
      '  who       ana@acme.example, subject ana at https://id.acme.example',
      '  through   themselves, client mcp-toolbox',
      '  claims    genai-toolbox/1.12.0 (it says so itself)',
      '  data      acme.hospital.claims',
      '  governed  acme.hospital.claims.name',
      '  cost      up to 1000 bytes, USD 0.01 at the list price; stopped at 954 MiB',
      '  why       an audit',
      '  needed    1 of privacy-office (Claims)',
      `  digest    ${grant.digest}`,
      '    SELECT name\n    FROM claims\n',
      '    {"name":"p","parameterValue":{"value":"7"}}\n',
      '  history\n',
    ])
      expect(out).toContain(text)
  })

  test('what moves text, hides it or looks like another name is shown as an escape, everywhere', async () => {
    const evil = '\u202E\u001B[2J\u200B'
    const grant = await ask({
      request: {
        sql: `SELECT 1 -- ${evil}\rDROP FROM \`\u0430cme\``,
        parameters: [{ parameterValue: { value: evil } }],
      },
      told: {
        statementType: 'SELECT',
        tables: [`acme.${evil}`],
        targets: [],
        governedColumns: [],
        estimatedBytes: undefined,
        justification: `why${evil}`,
      },
    })
    for (const args of [
      ['show', grant.id],
      ['list'],
      ['show', grant.id, '--json'],
      ['list', '--json'],
    ]) {
      // oxlint-disable-next-line no-await-in-loop
      const { code, out } = await approvals('petra', ...args)
      expect(code).toBe(0)
      for (const hidden of ['\u202E', '\u001B', '\u200B', '\r']) expect(out).not.toContain(hidden)
    }
    const { out } = await approvals('petra', 'show', grant.id)
    expect(out).toContain('\\u202E\\u001B[2J\\u200B')
    expect(out).toContain(', \\u0430cme\n')
    const document = JSON.parse((await approvals('petra', 'show', grant.id, '--json')).out)
    expect(document).toMatchObject({ sql: grant.request.sql })
  })
})

describe('sluice approvals approve', () => {
  test('sends the digest that it saw, and says what was approved', async () => {
    const grant = await ask()
    const { code, out } = await approvals('petra', 'approve', begin(grant), '--reason', 'fine')
    expect(code).toBe(0)
    expect(out).toBe(
      `approved: SELECT on acme.hospital.claims for ana@acme.example, digest ${grant.digest.slice(0, 12)}\n`,
    )
    expect(world.published).toMatchObject([
      { vote: { verdict: 'approve', digest: grant.digest, reason: 'fine', box: undefined } },
    ])
  })

  test('says when others have to say yes as well', async () => {
    const two = { of: 'any', groups: [{ group: 'privacy-office', votes: 2 }] } as const
    const grant = await ask({ terms: [sampleTerms({ approvers: two })] })
    expect((await approvals('petra', 'approve', grant.id)).out).toMatch(
      /^your yes counts, and others/,
    )
  })

  test('says when nobody knows yet whether the vote counts', async () => {
    world.knobs.queue = 'is-slow'
    const grant = await ask()
    const { code, out } = await approvals('petra', 'approve', grant.id)
    expect(code).toBe(0)
    expect(out).toContain(`on its way`)
    expect(out).toContain(`sluice approvals show ${grant.id}`)
  })

  test('more than one query, for a time and up to a size', async () => {
    const grant = await ask({
      terms: [sampleTerms({ timeBox: { longestMs: 8 * HOUR, maximumBytes: 10 * 2 ** 30 } })],
    })
    const ended = await approvals(
      'petra',
      'approve',
      grant.id,
      '--for',
      '2h',
      '--max-bytes',
      '10GiB',
    )
    expect(ended.code).toBe(0)
    expect(standingOf(await world.again(grant)).box).toMatchObject({ maximumBytes: 10 * 2 ** 30 })
  })

  test('as one JSON document', async () => {
    const grant = await ask()
    const { out } = await approvals('petra', 'approve', grant.id, '--json')
    expect(JSON.parse(out)).toEqual({
      id: grant.id,
      state: 'ended',
      digest: grant.digest,
      settled: true,
    })
  })

  test.each<[string, Person, readonly string[], number, string]>([
    ['one’s own request', 'ana', ['approve', 'ID'], 1, 'this is your own request'],
    ['as somebody who may only look', 'otto', ['approve', 'ID'], 1, 'in none of the groups'],
    ['as somebody who may not know', 'bob', ['approve', 'ID'], 1, 'Not found'],
    ['what is not there', 'petra', ['approve', sampleGrantId(99)], 1, 'Not found'],
    ['the beginning of nothing', 'petra', ['approve', 'zzzzzz'], 1, 'begins with `zzzzzz`'],
    ['too short a beginning', 'petra', ['approve', 'aaaaa'], 2, '6 to 26'],
    ['nothing', 'petra', ['approve'], 2, 'id'],
    ['a time without a size', 'petra', ['approve', 'ID', '--for', '2h'], 2, 'together'],
    ['a time that is none', 'petra', ['approve', 'ID', '--for', '2 days'], 2, '90s'],
    ['a no without a reason', 'petra', ['deny', 'ID'], 2, '--reason'],
    ['a no with an empty reason', 'petra', ['deny', 'ID', '--reason', ' '], 1, 'say why'],
  ])('%s: one line on stderr', async (_what, who, args, code, words) => {
    const grant = await ask()
    const ended = await approvals(who, ...args.map((arg) => (arg === 'ID' ? grant.id : arg)))
    expect(ended.err).toContain(words)
    expect(ended.err.trim().split('\n')).toHaveLength(1)
    expect(ended.out).toBe('')
    expect(ended.code).toBe(code)
    expect(await world.isUntouched(grant)).toBe(true)
  })

  test('a beginning that two have in common is refused', async () => {
    const grant = await ask({ number: 1 })
    await ask({ number: 2 })
    const common = sampleGrantId(1).slice(0, 6)
    expect(sampleGrantId(2).startsWith(common)).toBe(true)
    const { code, err } = await approvals('petra', 'approve', common)
    expect([code, err]).toEqual([1, `error: more than one id begins with \`${common}\`\n`])
    expect(await world.isUntouched(grant)).toBe(true)
  })
})

test('deny says what was denied', async () => {
  const grant = await ask()
  const { code, out } = await approvals('petra', 'deny', grant.id, '--reason', 'ask for less')
  expect([code, out.slice(0, 17)]).toEqual([0, 'denied: SELECT on'])
  expect(standingOf(await world.again(grant)).state).toBe('denied')
})

test('revoke, review and cancel', async () => {
  const approved = {
    type: 'approved',
    at: ASKED_AT,
    until: Date.now() + HOUR,
    box: undefined,
  } as const
  const broken = { type: 'broke-glass', at: ASKED_AT, justification: 'a patient waits' } as const
  const [active, glass, mine] = [
    await ask({ number: 1, events: [approved] }),
    await ask({ number: 2, events: [broken] }),
    await ask({ number: 3 }),
  ]
  expect(await approvals('carla', 'revoke', active.id, '--reason', 'a mistake')).toMatchObject({
    code: 0,
    out: `revoked: ${active.id}\n`,
  })
  expect(await approvals('petra', 'review', glass.id, '--finding', 'justified')).toMatchObject({
    code: 0,
    out: `review closed: ${glass.id}\n`,
  })
  expect(await approvals('ana', 'cancel', mine.id)).toMatchObject({
    code: 0,
    out: `taken back: ${mine.id}\n`,
  })
})

describe('who asks', () => {
  test('nobody: wrong usage', async () => {
    const { code, err } = await runSluice('approvals', 'list', '--gateway', gateway.url)
    expect([code, err.trim().split('\n').length]).toEqual([2, 1])
    expect(err).toContain('say who you are')
  })

  test('a token that the gateway does not take', async () => {
    const file = join(folder, 'bad')
    writeFileSync(file, 'a.b.c')
    const args = ['approvals', 'list', '--gateway', gateway.url, '--token-file', file]
    const { code, err } = await runSluice(...args)
    expect([code, err]).toEqual([1, expect.stringContaining('sign in again')])
    expect(err).not.toContain('a.b.c')
  })

  test('a gateway that is not there', async () => {
    const file = join(folder, 'any')
    writeFileSync(file, 'a.b.c')
    const args = ['approvals', 'list', '--gateway', 'http://127.0.0.1:1', '--token-file', file]
    expect(await runSluice(...args)).toMatchObject({
      code: 1,
      err: expect.stringContaining('no answer'),
    })
  })
})
