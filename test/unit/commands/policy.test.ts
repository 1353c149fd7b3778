import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, test } from 'vitest'

import { POLICY } from '../../support/people.ts'
import { runSluice } from '../../support/run-sluice.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-policy-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const good = file('good.policy', POLICY)

describe('sluice policy check', () => {
  test('a good policy, with the digest that entries have', async () => {
    const { code, out, err } = await runSluice('policy', 'check', good)
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/good\.policy is good: `[0-9a-f]{64}`\n$/)
  })

  test('all problems at once, each with its place, and exit code 1', async () => {
    const bad = file(
      'bad.policy',
      POLICY.replace('version: 1', 'version: 2').replace('effect: deny', 'effect: perhaps'),
    )
    const { code, out, err } = await runSluice('policy', 'check', bad)
    expect(code).toBe(1)
    expect(out.split('\n').slice(0, -1)).toEqual([
      expect.stringMatching(/bad\.policy:1:10: version: must be `1`$/),
      expect.stringMatching(/bad\.policy:\d+:13: rules\[3\]\.effect: must be one of .*`deny`/),
    ])
    expect(err).toBe(`error: 2 problems in \`${bad}\`\n`)
  })

  test('as JSON', async () => {
    const bad = file('json.policy', POLICY.replace('version: 1', 'version: 2'))
    const { code, out } = await runSluice('policy', 'check', '--json', bad)
    expect(code).toBe(1)
    expect(JSON.parse(out)).toEqual({
      file: bad,
      problems: [{ line: 1, column: 10, path: 'version', message: 'must be `1`' }],
    })
  })

  test.each([
    ['no file', join(folder, 'nowhere'), 'no such file'],
    ['a folder', folder, 'EISDIR'],
  ])('%s is one line and exit code 1', async (_what, path, message) => {
    const { code, err } = await runSluice('policy', 'check', path)
    expect(code).toBe(1)
    expect(err).toMatch(/^error: .+\n$/)
    expect(err).toContain(message)
  })

  test('bytes that are no text', async () => {
    const { code, out } = await runSluice('policy', 'check', file('bytes', Buffer.from([0xff])))
    expect([code, out]).toEqual([1, `${join(folder, 'bytes')}:1:1: the file is not UTF-8\n`])
  })
})

const cases = (...each: readonly string[]) =>
  `policy: good.policy\nproject: acme\ndefaultDataset: hospital\ncases:\n${each.join('')}`

const analystReads = `  - name: analysts read
    principal: { groups: [analysts] }
    sql: SELECT name FROM patients WHERE id = @id
    parameters: { id: INT64 }
    expect: { decision: permit, rules: [analysts-read] }
`
const secretsStaySecret = `  - name: secrets stay secret
    principal: { groups: [analysts] }
    sql: SELECT note FROM hospital.secret_notes
    expect: { decision: deny, reason: denied-by-rule }
`

describe('sluice policy test', { timeout: 30_000 }, () => {
  test('cases that are decided as they say', async () => {
    const path = file('pass.yaml', cases(analystReads, secretsStaySecret))
    expect(await runSluice('policy', 'test', path)).toEqual({
      code: 0,
      out: '2 cases passed\n',
      err: '',
    })
  })

  test('what is decided otherwise, case by case, and exit code 1', async () => {
    const path = file(
      'fail.yaml',
      cases(
        analystReads.replace('[analysts] }', '[auditors] }'),
        analystReads.replace('rules: [analysts-read]', 'masks: { name: SHA256 }'),
        secretsStaySecret.replace('denied-by-rule', 'no-matching-rule'),
        secretsStaySecret.replace('SELECT note FROM', 'SELEC note FROM'),
        analystReads,
      ),
    )
    const { code, out, err } = await runSluice('policy', 'test', path)
    expect(code).toBe(1)
    expect(err).toBe('error: 4 of 5 cases failed\n')
    expect(out.replaceAll(`${folder}/`, '')).toBe(`fail.yaml: analysts read
  decision
    expected permit
    decided  deny (no-matching-rule)
  rules
    expected analysts-read
    decided  none

fail.yaml: analysts read
  masks.name
    expected SHA256
    decided  none

fail.yaml: secrets stay secret
  reason
    expected no-matching-rule
    decided  denied-by-rule

fail.yaml: secrets stay secret
  reason
    expected denied-by-rule
    decided  syntax-error

1 of 5 cases passed
`)
  })

  test('whose approval it takes', async () => {
    file(
      'held.policy',
      `${POLICY.replace('effect: permit', 'effect: require-approval\n    approval: officers')}
roles: { officers: approver }
approvals:
  - { id: officers, description: They look., approvers: { anyOf: [{ group: officers }] } }
`,
    )
    const held = analystReads.replace(
      'decision: permit',
      'decision: require-approval, approvals: [officers]',
    )
    const path = file(
      'held.yaml',
      cases(held, held.replace('[officers]', '[leads]'), held.replace('[officers]', '[]')).replace(
        'good.policy',
        'held.policy',
      ),
    )
    const { code, out } = await runSluice('policy', 'test', path)
    expect(code).toBe(1)
    expect(out.replaceAll(`${folder}/`, '')).toBe(`held.yaml: analysts read
  approvals
    expected leads
    decided  officers

held.yaml: analysts read
  approvals
    expected none
    decided  officers

1 of 3 cases passed
`)
  })

  test('another policy than the cases name, as JSON', async () => {
    const path = file(
      'other.json',
      JSON.stringify({ policy: 'x', project: 'acme', cases: [JSON_CASE] }),
    )
    const { code, out } = await runSluice('policy', 'test', '--policy', good, '--json', path)
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual({
      cases: [{ file: path, name: 'nobody', differences: [] }],
    })
  })

  test.each([
    ['no cases', 'policy: good.policy\nproject: acme\ncases: []\n', /must have at least one entry/],
    [
      'a key nobody knows',
      cases(analystReads.replace('decision:', 'decison:')),
      /did you mean `decision`/,
    ],
    [
      'a policy that is refused',
      cases(analystReads).replace('good.policy', 'pass.yaml'),
      /unknown key/,
    ],
  ])('%s: where, and exit code 1', async (_what, text, message) => {
    file('pass.yaml', cases(analystReads))
    const { code, out, err } = await runSluice('policy', 'test', file('broken.yaml', text))
    expect(code).toBe(1)
    expect(out).toMatch(message)
    expect(out).toMatch(/\.yaml:\d+:\d+: /)
    expect(err).toMatch(/^error: .+\n$/)
  })
})

const JSON_CASE = {
  name: 'nobody',
  sql: 'SELECT 1 FROM acme.hospital.patients',
  expect: { decision: 'deny', reason: 'no-matching-rule' },
}
