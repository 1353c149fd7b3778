import { createHash } from 'node:crypto'

import { expect, test } from 'vitest'

import { parsePolicy } from '../../../shared/policy/parse-policy.ts'
import { formatProblems } from '../../../shared/policy/policy-problem.ts'
import { SAMPLE, policyOf, problemsOf, sample } from './sample-policy.ts'

test('everything a policy can say', () => {
  const policy = policyOf(`
version: 1
issuers:
  - issuer: http://127.0.0.1:8081
    audiences: [a]
  - issuer: https://login.acme.example/tenant/
    audiences: [a, b]
    algorithms: [PS256]
    claims: { groups: [realm_access, roles], client: azp, record: [run_id] }
    clients: [bq]
    requiredClaims: { iss_group: acme, repository: [acme/a, acme/b*] }
    groupMappings: [{ group: ci, when: { ref: refs/heads/main } }]
    signIn: { clientId: sluice, clientSecret: s3 }
connections:
  - id: one
    projects: [acme, example.com:old]
    location: EU
    credential: { secret: projects/p/secrets/s/versions/latest }
    limits: { maximumBytesBilled: 10 GiB, jobTimeout: 90s }
  - id: two
    projects: [acme2]
    credential: { impersonate: sluice@acme.iam.gserviceaccount.com }
    limits: { maximumBytesBilled: 1000 }
  - { id: three, projects: [acme3], credential: none }
rules:
  - id: a-1
    description: A.
    effect: permit
    when: principal.claims.repository == "acme/a" && principal.claims.run_id != ""
    maximumBytesBilled: 1MiB
  - { id: b, description: B., effect: deny, when: query.dryRun }
`)
  expect(policy).toMatchObject({
    issuers: [
      {
        issuer: 'http://127.0.0.1:8081',
        audiences: ['a'],
        algorithms: ['RS256', 'ES256', 'EdDSA'],
        groupsClaim: 'groups',
        clientClaim: 'client_id',
        clients: undefined,
        requiredClaims: {},
        recordedClaims: [],
        groupMappings: [],
        signIn: undefined,
      },
      {
        issuer: 'https://login.acme.example/tenant/',
        algorithms: ['PS256'],
        groupsClaim: ['realm_access', 'roles'],
        clientClaim: 'azp',
        clients: ['bq'],
        recordedClaims: ['run_id'],
        requiredClaims: { iss_group: ['acme'], repository: ['acme/a', 'acme/b*'] },
        groupMappings: [{ group: 'ci', when: { ref: ['refs/heads/main'] } }],
        signIn: { clientId: 'sluice', clientSecret: 's3' },
      },
    ],
    connections: [
      {
        id: 'one',
        projects: ['acme', 'example.com:old'],
        location: 'EU',
        credential: { kind: 'secret', secret: 'projects/p/secrets/s/versions/latest' },
        limits: { maximumBytesBilled: 10 * 2 ** 30, jobTimeoutMs: 90_000 },
      },
      {
        location: undefined,
        credential: {
          kind: 'impersonate',
          serviceAccount: 'sluice@acme.iam.gserviceaccount.com',
        },
        limits: { maximumBytesBilled: 1000, jobTimeoutMs: undefined },
      },
      { credential: { kind: 'none' }, limits: {} },
    ],
    rules: [
      { id: 'a-1', description: 'A.', effect: 'permit', maximumBytesBilled: 2 ** 20 },
      { id: 'b', effect: 'deny', maximumBytesBilled: undefined },
    ],
  })
})

test('the digest is that of the text, comments and all', () => {
  const text = `${SAMPLE}# né\n`
  const digest = createHash('sha256').update(Buffer.from(text)).digest('hex')
  expect(policyOf(text).digest).toBe(digest)
  expect(policyOf(SAMPLE).digest).not.toBe(digest)
})

test('a policy without rules is one that permits nothing', () => {
  const text = `${SAMPLE.slice(0, SAMPLE.indexOf('rules:'))}rules: []\n`
  expect(policyOf(text).rules).toEqual([])
})

test('all problems at once, of every kind, in the order of the file', () => {
  const text = `version: 2
issuers:
  - issuer: https://login.acme.example
    audiences: sluice
    audiences: [sluice]
connections:
  - id: one
    projects: [acme]
    credential: { secret: key }
  - id: one
    projects: [acme]
    credential: none
rules:
  - id: a
    effect: maybe
    when: >-
      query.tabels.all(t, t.matches(".*")) &&

      principal.claims.tier == "gold"
  - id: a
    description: !x y
    effect: deny
    when: query.dryRun == 1
colour: red
`
  expect(problemsOf(text)).toEqual([
    '1:10: version: must be `1`',
    '4:16: issuers[0].audiences: expected a list, found text',
    '5:5: issuers[0].audiences: the key stands twice, first on line 4: `audiences`',
    '9:27: connections[0].credential.secret: expected `projects/PROJECT/secrets/SECRET/versions/VERSION`',
    '10:9: connections[1].id: the id of a connection is used twice, first on line 7: `one`',
    '11:16: connections[1].projects[0]: a project belongs to one connection, first on line 8: `acme`',
    '14:5: rules[0].description: missing key `description`',
    '15:13: rules[0].effect: must be one of `permit`, `require-approval`, `deny`',
    '17:13: rules[0].when: unknown field `tabels`, did you mean `tables`?',
    '17:27: rules[0].when: regular expressions are not available, use `glob`, in which `*` stands for any characters',
    '19:24: rules[0].when: never there, as no issuer requires, maps or records it: claim `tier`',
    '20:9: rules[1].id: the id of a rule is used twice, first on line 14: `a`',
    '21:21: rules[1].description: tags are not allowed: `!x`',
    '23:11: rules[1].when: no such overload: bool == int',
    '24:1: colour: unknown key `colour`, known here are `version`, `issuers`, `connections`, `roles`, `data`, `policyTags`, `oracles`, `aggregates`, `limits`, `approvals`, `people`, `slack`, `record`, `telemetry`, `rules`',
  ])
})

test('broken syntax is reported with what was wrong before it, not with what it makes of the rest', () => {
  const text = sample('version: 1', 'version: 2').replace('projects: [acme]', 'projects: [acme')
  const problems = problemsOf(text)
  expect(problems[0]).toBe('1:10: version: must be `1`')
  expect(problems.length).toBeGreaterThan(1)
  for (const problem of problems.slice(1)) expect(problem).toMatch(/^\d+:\d+: not valid YAML: /)
})

test('a secret of the file is in none of its problems', () => {
  const text = sample(
    'requiredClaims:',
    'signIn: { clientId: a, clientSecret: [canary-secret] }\n    requiredClaims:',
  )
  expect(problemsOf(text)).toEqual([
    '5:42: issuers[0].signIn.clientSecret: expected text, found a list',
  ])
})

test.each(['__proto__', 'constructor', 'toString', '<<'])(
  'the key %s is one like any other',
  (key) => {
    expect(problemsOf(`${key}: { version: 1 }\n${SAMPLE}`)).toEqual([
      `1:1: ${key === '<<' ? '["<<"]' : key}: unknown key \`${key}\`, known here are \`version\`, \`issuers\`, \`connections\`, \`roles\`, \`data\`, \`policyTags\`, \`oracles\`, \`aggregates\`, \`limits\`, \`approvals\`, \`people\`, \`slack\`, \`record\`, \`telemetry\`, \`rules\``,
    ])
    expect(({} as { version?: number }).version).toBeUndefined()
  },
)

test.each([
  ['many keys', Array.from({ length: 20_000 }, (_, index) => `k${index}: 1\n`).join('')],
  ['many brackets', `a: ${'['.repeat(20_000)}`],
  ['many aliases', `a: &a [x]\nb: [${'*a, '.repeat(20_000)}]`],
  [
    'many digits',
    sample(
      'credential: none',
      `credential: none\n    limits: { jobTimeout: ${'1'.repeat(500_000)}m }`,
    ),
  ],
])('%s are refused in seconds', (_, text) => {
  const started = performance.now()
  const parsed = parsePolicy(text)
  expect(parsed.ok).toBe(false)
  expect(performance.now() - started).toBeLessThan(15_000)
})

test('problems are lines that editors and terminals make links of', () => {
  const parsed = parsePolicy(sample('effect: permit', 'effect: yes'))
  expect(parsed.ok ? '' : formatProblems(parsed.error, 'infra/policy.yaml')).toBe(
    'infra/policy.yaml:13:13: rules[0].effect: must be one of `permit`, `require-approval`, `deny`',
  )
})
