import { expect, test } from 'vitest'

import { SAMPLE, problemsOf, sample } from './sample-policy.ts'

test('the sample has nothing wrong', () => {
  expect(problemsOf(SAMPLE)).toEqual([])
})

const ISSUER = 'issuer: https://login.acme.example'
const AUDIENCES = 'audiences: [https://sluice.acme.example]'
const RULE = 'when: query.statementType == "SELECT"'

/** One malformed file per rule of the schema: a piece of the sample, what stands there instead, the answer. */
const mistakes: readonly (readonly [string, string, string])[] = [
  // the file
  ['version: 1', 'version: 2', '1:10: version: must be `1`'],
  ['version: 1', "version: '1'", '1:10: version: must be `1`'],
  ['version: 1\n', '', '1:1: version: missing key `version`'],
  ['version: 1', 'version: 1\nrule: []', '2:1: rule: unknown key `rule`, did you mean `rules`?'],
  [
    'version: 1',
    'version: 1\nmasks: []',
    '2:1: masks: unknown key `masks`, known here are `version`, `issuers`, `connections`, `roles`, `data`, `policyTags`, `oracles`, `aggregates`, `limits`, `rules`',
  ],
  // issuers
  [
    `  - ${ISSUER}`,
    `  -\n  - ${ISSUER}`,
    '3:4: issuers[0]: expected keys and values, found nothing',
  ],
  [`${ISSUER}\n    `, '', '3:5: issuers[0].issuer: missing key `issuer`'],
  [
    ISSUER,
    'issuer: login.acme.example',
    '3:13: issuers[0].issuer: expected a URL such as `https://login.example.com`',
  ],
  [
    ISSUER,
    'issuer: http://login.acme.example',
    '3:13: issuers[0].issuer: an issuer is reached by https; plain http is for loopback addresses only',
  ],
  [
    ISSUER,
    'issuer: http://127.0.0.1.evil.example',
    '3:13: issuers[0].issuer: an issuer is reached by https; plain http is for loopback addresses only',
  ],
  [
    ISSUER,
    'issuer: https://a:b@login.acme.example',
    '3:13: issuers[0].issuer: an issuer URL holds no user name',
  ],
  [
    ISSUER,
    'issuer: https://login.acme.example/?tenant=1',
    '3:13: issuers[0].issuer: an issuer URL has no query and no fragment',
  ],
  [ISSUER, 'issuer: [a]', '3:13: issuers[0].issuer: expected text, found a list'],
  [AUDIENCES, 'audiences: sluice', '4:16: issuers[0].audiences: expected a list, found text'],
  [AUDIENCES, 'audiences: []', '4:16: issuers[0].audiences: must have at least one entry'],
  [AUDIENCES, "audiences: ['']", '4:17: issuers[0].audiences[0]: must not be empty'],
  [
    AUDIENCES,
    `${AUDIENCES}\n    algorithms: [HS256]`,
    '5:18: issuers[0].algorithms[0]: only signatures prove who issued a token, not `HS256`',
  ],
  [
    AUDIENCES,
    `${AUDIENCES}\n    algorithms: [none]`,
    '5:18: issuers[0].algorithms[0]: only signatures prove who issued a token, not `none`',
  ],
  [
    AUDIENCES,
    `${AUDIENCES}\n    algorithms: [EDDSA]`,
    '5:18: issuers[0].algorithms[0]: must be one of `RS256`, `RS384`, `RS512`, `PS256`, `PS384`, `PS512`, `ES256`, `ES384`, `ES512`, `EdDSA`, did you mean `EdDSA`?',
  ],
  [
    AUDIENCES,
    `${AUDIENCES}\n    claims: { group: roles }`,
    '5:15: issuers[0].claims.group: unknown key `group`, did you mean `groups`?',
  ],
  [
    AUDIENCES,
    `${AUDIENCES}\n    claims: { groups: 5 }`,
    '5:23: issuers[0].claims.groups: expected the name of a claim, or the list of names on the way down to it',
  ],
  [
    AUDIENCES,
    `${AUDIENCES}\n    claims: { client: [] }`,
    '5:23: issuers[0].claims.client: must have at least one entry',
  ],
  [
    AUDIENCES,
    `${AUDIENCES}\n    claims: { record: [5] }`,
    '5:24: issuers[0].claims.record[0]: expected text, found a number (quote it to make it text)',
  ],
  [
    AUDIENCES,
    `${AUDIENCES}\n    clients: []`,
    '5:14: issuers[0].clients: must have at least one entry',
  ],
  [
    'repository: acme/*',
    'email_verified: true',
    '5:39: issuers[0].requiredClaims.email_verified: expected a text or a list of texts (quote numbers, true and false)',
  ],
  [
    'repository: acme/*',
    '"https://acme.example/role": []',
    '5:52: issuers[0].requiredClaims["https://acme.example/role"]: must have at least one entry',
  ],
  [
    AUDIENCES,
    `${AUDIENCES}\n    groupMappings: [{ group: ci, when: {} }]`,
    '5:40: issuers[0].groupMappings[0].when: name at least one claim',
  ],
  [
    AUDIENCES,
    `${AUDIENCES}\n    groupMappings: [{ group: '', when: { a: b } }]`,
    '5:30: issuers[0].groupMappings[0].group: must not be empty',
  ],
  [
    AUDIENCES,
    `${AUDIENCES}\n    groupMappings: [{ group: ci }]`,
    '5:21: issuers[0].groupMappings[0].when: missing key `when`',
  ],
  [
    AUDIENCES,
    `${AUDIENCES}\n    signIn: { clientID: sluice }`,
    '5:15: issuers[0].signIn.clientID: unknown key `clientID`, did you mean `clientId`?',
  ],
  [
    'connections:',
    '  - issuer: https://login.acme.example\n    audiences: [a]\nconnections:',
    '6:13: issuers[1].issuer: the issuer is listed twice, first on line 3: `https://login.acme.example`',
  ],
  // connections
  [
    'id: hospital',
    'id: Hospital',
    '7:9: connections[0].id: expected lower-case words joined by `-`',
  ],
  [
    'projects: [acme]',
    'projects: [ACME]',
    '8:16: connections[0].projects[0]: expected a Google Cloud project id such as `acme-analytics`',
  ],
  ['projects: [acme]', 'projects:', '8:5: connections[0].projects: expected a list, found nothing'],
  [
    'projects: [acme]',
    'projects: [acme, acme]',
    '8:22: connections[0].projects[1]: a project belongs to one connection, first on line 8: `acme`',
  ],
  [
    'rules:',
    '  - id: other\n    projects: [acme]\n    credential: none\nrules:',
    '11:16: connections[1].projects[0]: a project belongs to one connection, first on line 8: `acme`',
  ],
  [
    'rules:',
    '  - id: hospital\n    projects: [acme2]\n    credential: none\nrules:',
    '10:9: connections[1].id: the id of a connection is used twice, first on line 7: `hospital`',
  ],
  [
    'credential: none',
    'credential: none\n    location: eu west',
    '10:15: connections[0].location: expected a BigQuery location such as `EU` or `us-east1`',
  ],
  [
    'credential: none',
    'credential: nothing',
    '9:17: connections[0].credential: expected `none`, `{ secret: … }` or `{ impersonate: … }`',
  ],
  [
    'credential: none',
    'credential: {}',
    '9:17: connections[0].credential: expected `none`, `{ secret: … }` or `{ impersonate: … }`',
  ],
  [
    'credential: none',
    'credential: { secret: sluice-key }',
    '9:27: connections[0].credential.secret: expected `projects/PROJECT/secrets/SECRET/versions/VERSION`',
  ],
  [
    'credential: none',
    'credential: { impersonate: ana@acme.example }',
    '9:32: connections[0].credential.impersonate: expected the address of a service account',
  ],
  [
    'credential: none',
    'credential: none\n    limits: { maximumBytesBilled: 10 GB }',
    '10:35: connections[0].limits.maximumBytesBilled: expected bytes: a whole number above 0, or one with a unit such as `10 GiB`',
  ],
  [
    'credential: none',
    'credential: none\n    limits: { maximumBytesBilled: 1.5 }',
    '10:35: connections[0].limits.maximumBytesBilled: expected bytes: a whole number above 0, or one with a unit such as `10 GiB`',
  ],
  [
    'credential: none',
    'credential: none\n    limits: { maximumBytesBilled: 99999 TiB }',
    '10:35: connections[0].limits.maximumBytesBilled: more bytes than BigQuery can count',
  ],
  [
    'credential: none',
    'credential: none\n    limits: { jobTimeout: 25h }',
    '10:27: connections[0].limits.jobTimeout: expected a time such as `90s`, `10m` or `1h`, at most 24 hours',
  ],
  [
    'credential: none',
    'credential: none\n    limits: { jobTimeout: 600 }',
    '10:27: connections[0].limits.jobTimeout: expected a time such as `90s`, `10m` or `1h`, at most 24 hours',
  ],
  // rules
  ['id: readers', 'id: All Readers', '11:9: rules[0].id: expected lower-case words joined by `-`'],
  ['    description: They read.\n', '', '11:5: rules[0].description: missing key `description`'],
  ['description: They read.', "description: ''", '12:18: rules[0].description: must not be empty'],
  [
    'description: They read.',
    `description: ${'x'.repeat(501)}`,
    '12:18: rules[0].description: must have at most 500 characters',
  ],
  [
    'effect: permit',
    'effect: allow',
    '13:13: rules[0].effect: must be one of `permit`, `require-approval`, `deny`',
  ],
  [
    'effect: permit',
    'effect: Permit',
    '13:13: rules[0].effect: must be one of `permit`, `require-approval`, `deny`, did you mean `permit`?',
  ],
  [
    'effect: permit',
    'effect: deny\n    maximumBytesBilled: 1 GiB',
    '14:5: rules[0].maximumBytesBilled: a deny rule permits nothing, so it limits nothing',
  ],
  [
    RULE,
    'when: true',
    '14:11: rules[0].when: expected text, found true or false (quote it to make it text)',
  ],
  [RULE, "when: ''", '14:11: rules[0].when: must not be empty'],
  [RULE, `when: ${'x'.repeat(4097)}`, '14:11: rules[0].when: must have at most 4096 characters'],
  [
    RULE,
    `${RULE}\n  - id: readers\n    description: Again.\n    effect: permit\n    when: 'true'`,
    '15:9: rules[1].id: the id of a rule is used twice, first on line 11: `readers`',
  ],
  // YAML
  [
    'version: 1',
    'version: 1\nversion: 1',
    '2:1: version: the key stands twice, first on line 1: `version`',
  ],
  ['version: 1', 'version: !int 1', '1:15: version: tags are not allowed: `!int`'],
  ['version: 1', 'version: &v 1', '1:13: version: anchors are not allowed: `&v`'],
  ['id: readers', 'id: *v', '11:9: rules[0].id: write it out: aliases are not allowed: `*v`'],
  ['version: 1', 'version: 1\n5: x', '2:1: a key must be plain text (quote it)'],
  ['version: 1', 'version: 1\n? [a]\n: x', '2:3: a key must be plain text (quote it)'],
  ['version: 1', '%YAML 1.1\n---\nversion: 1', '1:1: directives are not allowed'],
  ['rules:\n', '---\nrules:\n', '10:1: not valid YAML: a policy is one document'],
  ['They read.', 'They\u202E read.', '12:22: invisible or unreadable character: `U+202E`'],
  ['They read.', 'They\u200B read.', '12:22: invisible or unreadable character: `U+200B`'],
  ['They read.', 'They\uFFFD read.', '12:22: invisible or unreadable character: `U+FFFD`'],
  ['They read.', 'They\uD800 read.', '12:22: invisible or unreadable character: `U+D800`'],
]

test.each(mistakes.map(([piece, by, problem]) => [problem, piece, by] as const))(
  '%s',
  (problem, piece, by) => {
    expect(problemsOf(sample(piece, by))).toContain(problem)
  },
)

test.each([
  ['', '1:1: the file is empty'],
  ['# nothing\n', '1:1: the file is empty'],
  ['[]', '1:1: expected keys and values, found a list'],
  ['just text', '1:1: expected keys and values, found text'],
  [`# ${'x'.repeat(1024 * 1024)}`, '1:1: the file is larger than 1048576 bytes'],
  [`version: ${'['.repeat(20_000)}`, '1:1: the file nests too deep'],
])('a file that is no policy at all (%#)', (text, problem) => {
  expect(problemsOf(text)).toEqual([problem])
})
