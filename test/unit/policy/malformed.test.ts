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
    '2:1: masks: unknown key `masks`, known here are `version`, `issuers`, `connections`, `roles`, `data`, `policyTags`, `oracles`, `aggregates`, `limits`, `approvals`, `people`, `slack`, `record`, `telemetry`, `rules`',
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
  // roles
  [
    'rules:',
    'roles: { officers: [aprover] }\nrules:',
    '10:21: roles.officers[0]: must be one of `requester`, `approver`, `auditor`, `policy-admin`, `records-manager`, `private-reader`, did you mean `approver`?',
  ],
  [
    'rules:',
    'roles: { officers: admin }\nrules:',
    '10:20: roles.officers: expected requester, approver, auditor, policy-admin, records-manager, private-reader, or a list of them',
  ],
  [
    'rules:',
    'roles: { officers: [] }\nrules:',
    '10:20: roles.officers: must have at least one entry',
  ],
  ['rules:', 'roles: [officers]\nrules:', '10:8: roles: expected keys and values, found a list'],
  // data
  ['rules:', 'data: {}\nrules:', '10:7: data: expected a list, found keys and values'],
  [
    'rules:',
    'data:\n  - { columns: a, tags: [t], mask: SHA256 }\nrules:',
    '11:5: data[0].tables: missing key `tables`',
  ],
  [
    'rules:',
    'data:\n  - { tables: a.b.c, tags: [t], mask: SHA256 }\nrules:',
    '11:5: data[0].columns: missing key `columns`',
  ],
  [
    'rules:',
    'data:\n  - { tables: a.b.c, columns: a, mask: SHA256 }\nrules:',
    '11:5: data[0].tags: missing key `tags`',
  ],
  [
    'rules:',
    'data:\n  - { tables: a.b.c, column: a, tags: [t] }\nrules:',
    '11:22: data[0].column: unknown key `column`, did you mean `columns`?',
  ],
  [
    'rules:',
    'data:\n  - { tables: hospital.patients, columns: a, tags: [t] }\nrules:',
    '11:15: data[0].tables: expected `project.dataset.table`, or a pattern in which `*` stands for any characters',
  ],
  [
    'rules:',
    'data:\n  - { tables: [acme.a.b, acme.a.b.ssn], columns: a, tags: [t] }\nrules:',
    '11:26: data[0].tables[1]: expected `project.dataset.table`, or a pattern in which `*` stands for any characters',
  ],
  [
    'rules:',
    "data:\n  - { tables: '`a.b.c`', columns: a, tags: [t] }\nrules:",
    '11:15: data[0].tables: expected a name or a pattern, without quotes and spaces around it',
  ],
  [
    'rules:',
    'data:\n  - { tables: a.b.c, columns: [], tags: [t] }\nrules:',
    '11:31: data[0].columns: must have at least one entry',
  ],
  [
    'rules:',
    'data:\n  - { tables: a.b.c, columns: 5, tags: [t] }\nrules:',
    '11:31: data[0].columns: expected a name or pattern, or a list of them',
  ],
  [
    'rules:',
    'data:\n  - { tables: a.b.c, columns: "visits[].notes", tags: [t] }\nrules:',
    '11:31: data[0].columns: the fields of an array are written like those of a STRUCT: `visits.notes`',
  ],
  [
    'rules:',
    `data:\n  - { tables: a.b.c, columns: [${'a,'.repeat(101)}], tags: [t] }\nrules:`,
    '11:31: data[0].columns: at most 100 in one entry',
  ],
  [
    'rules:',
    'data:\n  - { tables: a.b.c, columns: a, tags: [] }\nrules:',
    '11:40: data[0].tags: must have at least one entry',
  ],
  [
    'rules:',
    'data:\n  - { tables: a.b.c, columns: a, tags: [Free Text] }\nrules:',
    '11:41: data[0].tags[0]: expected lower-case words joined by `-`',
  ],
  [
    'rules:',
    'data:\n  - { tables: a.b.c, columns: a, tags: [unlisted-policy-tag] }\nrules:',
    '11:41: data[0].tags[0]: Sluice gives this tag itself: `unlisted-policy-tag`',
  ],
  [
    'rules:',
    'data:\n  - { tables: a.b.c, columns: a, tags: [t], mask: LAST_FOUR }\nrules:',
    '11:51: data[0].mask: unknown masking expression `LAST_FOUR`',
  ],
  [
    'rules:',
    'data:\n  - { tables: a.b.c, columns: a, tags: [t], mask: ALWAYS_NUL }\nrules:',
    '11:51: data[0].mask: unknown masking expression `ALWAYS_NUL`, did you mean `ALWAYS_NULL`?',
  ],
  [
    'rules:',
    'data:\n  - { tables: a.b.c, columns: a, tags: [t], mask: null }\nrules:',
    '11:51: data[0].mask: expected a masking expression such as `ALWAYS_NULL`, or `{ detect: […] }`',
  ],
  [
    'rules:',
    'data:\n  - { tables: a.b.c, columns: a, tags: [t], mask: { detect: [EMAIL_ADRESS] } }\nrules:',
    '11:62: data[0].mask.detect[0]: must be one of `CREDIT_CARD_NUMBER`, `DATE_OF_BIRTH`, `EMAIL_ADDRESS`, `IBAN_CODE`, `IP_ADDRESS`, `PHONE_NUMBER`, `US_SOCIAL_SECURITY_NUMBER`, did you mean `EMAIL_ADDRESS`?',
  ],
  [
    'rules:',
    'data:\n  - { tables: a.b.c, columns: a, tags: [t], mask: { detect: [] } }\nrules:',
    '11:61: data[0].mask.detect: must have at least one entry',
  ],
  [
    'rules:',
    'data:\n  - { tables: a.b.c, columns: a, tags: [t], mask: { detect: EMAIL_ADDRESS } }\nrules:',
    '11:61: data[0].mask.detect: expected a list, found text',
  ],
  [
    'rules:',
    'data:\n  - { tables: a.b.c, columns: a, tags: [t] }\n  - { tables: A.b.c, columns: [b, A], tags: [t] }\nrules:',
    '12:35: data[1].columns[1]: governed twice, first on line 11: `A.b.c.A`',
  ],
  [
    'rules:',
    "data:\n  - { tables: a.b.c, columns: ['*x', '*X'], tags: [t] }\nrules:",
    '11:38: data[0].columns[1]: governed twice, first on line 11: `a.b.c.*X`',
  ],
  // policy tags
  [
    'rules:',
    'policyTags:\n  projects/a/policyTags/b: { tags: [t] }\nrules:',
    '11:3: policyTags["projects/a/policyTags/b"]: expected `projects/PROJECT/locations/LOCATION/taxonomies/NUMBER/policyTags/NUMBER`',
  ],
  [
    'rules:',
    'policyTags:\n  projects/a/locations/us/taxonomies/1/policyTags/2: { mask: SHA256 }\nrules:',
    '11:54: policyTags["projects/a/locations/us/taxonomies/1/policyTags/2"].tags: missing key `tags`',
  ],
  // oracles
  ['rules:', 'oracles: deny\nrules:', '10:10: oracles: expected keys and values, found text'],
  [
    'rules:',
    'oracles: { default: approve }\nrules:',
    '10:21: oracles.default: must be one of `deny`, `require-approval`, `allow`',
  ],
  [
    'rules:',
    'data:\n  - { tables: a.b.c, columns: a, tags: [contact] }\noracles: { tags: { contacts: allow } }\nrules:',
    '12:20: oracles.tags.contacts: no column of `data` or `policyTags` has this tag: `contacts`, did you mean `contact`?',
  ],
  [
    'rules:',
    'oracles: { tags: { unlisted-policy-tag: allow } }\nrules:',
    '10:20: oracles.tags.unlisted-policy-tag: Sluice gives this tag itself: `unlisted-policy-tag`',
  ],
  // aggregates
  [
    'rules:',
    'aggregates: { functions: [MAX] }\nrules:',
    '10:27: aggregates.functions[0]: must be one of `COUNT`, `COUNTIF`, `APPROX_COUNT_DISTINCT`',
  ],
  [
    'rules:',
    'aggregates: { minimumGroupSize: 1 }\nrules:',
    '10:33: aggregates.minimumGroupSize: expected a whole number of at least 2',
  ],
  [
    'rules:',
    'aggregates: { minimumGroupSize: 2.5 }\nrules:',
    '10:33: aggregates.minimumGroupSize: expected a whole number of at least 2',
  ],
  // limits
  [
    'rules:',
    'limits: { everybody: { queriesPerMinutes: 5 } }\nrules:',
    '10:24: limits.everybody.queriesPerMinutes: unknown key `queriesPerMinutes`, did you mean `queriesPerMinute`?',
  ],
  [
    'rules:',
    'limits: { everybody: { concurrentJobs: 0 } }\nrules:',
    '10:40: limits.everybody.concurrentJobs: expected a whole number above 0',
  ],
  [
    'rules:',
    'limits: { everybody: { bytesPerDay: 5 GB } }\nrules:',
    '10:37: limits.everybody.bytesPerDay: expected bytes: a whole number above 0, or one with a unit such as `10 GiB`',
  ],
  [
    'rules:',
    'limits: { groups: { agents: { queriesPerMinute: 5 } } }\nrules:',
    '10:31: limits.groups.agents.queriesPerMinute: unknown key `queriesPerMinute`, known here are `each`, `together`',
  ],
  [
    'rules:',
    "limits: { groups: { '': {} } }\nrules:",
    '10:21: limits.groups[""]: must not be empty',
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
    'effect: permit',
    'effect: deny\n    justification: required',
    '14:5: rules[0].justification: a deny rule permits nothing, so it asks for none',
  ],
  [
    'effect: permit',
    'effect: deny\n    maximumRows: 5',
    '14:5: rules[0].maximumRows: a deny rule permits nothing, so it limits nothing',
  ],
  [
    'effect: permit',
    'effect: deny\n    unmask: [t]',
    '14:5: rules[0].unmask: a deny rule permits nothing, so it shows nothing',
  ],
  [
    'effect: permit',
    'effect: permit\n    justification: optional',
    '14:20: rules[0].justification: must be `required`',
  ],
  [
    'effect: permit',
    'effect: permit\n    maximumRows: 0',
    '14:18: rules[0].maximumRows: expected a whole number above 0',
  ],
  [
    'effect: permit',
    'effect: permit\n    unmask: [contact]',
    '14:14: rules[0].unmask[0]: no column of `data` or `policyTags` has this tag: `contact`',
  ],
  [
    'effect: permit',
    'effect: permit\n    unmask: contact',
    '14:13: rules[0].unmask: expected a list, found text',
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
