import { expect, test } from 'vitest'

import { HELD, held } from './sample-approvals.ts'
import { problemsOf } from './sample-policy.ts'

test('the sample has nothing wrong', () => {
  expect(problemsOf(HELD)).toEqual([])
})

const OFFICERS = '{ anyOf: [{ group: officers, votes: 2 }, { group: leads }] }'
const PAUL = 'accounts: [{ issuer: https://login.acme.example, sub: paul }]'
const SLACK = 'slack: { team: T0123456789, app: A0123456789 }'

/** A piece of the sample, what stands there instead, and everything that is wrong then. */
const mistakes: readonly (readonly [string, string, ...string[]])[] = [
  // who approves
  [
    'id: both',
    'id: officers',
    '33:9: approvals[1].id: the id of an approval is used twice, first on line 20: `officers`',
    '48:15: rules[0].approval: no entry of `approvals` has this id: `both`',
  ],
  [
    OFFICERS,
    '{}',
    '22:16: approvals[0].approvers: expected `anyOf` or `allOf`, and one of them only',
  ],
  [
    OFFICERS,
    '{ anyOf: [{ group: leads }], allOf: [{ group: officers }] }',
    '22:16: approvals[0].approvers: expected `anyOf` or `allOf`, and one of them only',
  ],
  [
    OFFICERS,
    '{ oneOf: [{ group: leads }] }',
    '22:16: approvals[0].approvers: expected `anyOf` or `allOf`, and one of them only',
    '22:18: approvals[0].approvers.oneOf: unknown key `oneOf`, known here are `anyOf`, `allOf`',
  ],
  [OFFICERS, '{ anyOf: [] }', '22:25: approvals[0].approvers.anyOf: must have at least one entry'],
  [
    OFFICERS,
    '{ anyOf: [{ group: leads }, { group: leads, votes: 2 }] }',
    '22:53: approvals[0].approvers.anyOf[1].group: the group is listed twice, first on line 22: `leads`',
  ],
  [
    OFFICERS,
    '{ anyOf: [{ group: officer }] }',
    '22:35: approvals[0].approvers.anyOf[0].group: `roles` does not make this group `approver`: `officer`, did you mean `officers`?',
  ],
  [
    OFFICERS,
    '{ anyOf: [{ group: clinicians }, { group: leads }] }',
    '22:35: approvals[0].approvers.anyOf[0].group: `roles` does not make this group `approver`: `clinicians`',
  ],
  [
    OFFICERS,
    '{ anyOf: [{ group: leads, votes: 0 }] }',
    '22:49: approvals[0].approvers.anyOf[0].votes: expected a whole number above 0',
  ],
  [OFFICERS, '[leads]', '22:16: approvals[0].approvers: expected keys and values, found a list'],
  ['quorum: 2', 'quorum: 0', '23:13: approvals[0].quorum: expected a whole number above 0'],
  ['quorum: 2', 'quorum: two', '23:13: approvals[0].quorum: expected a whole number above 0'],
  [
    `${OFFICERS}\n    quorum: 2`,
    '{ anyOf: [{ group: leads, votes: 2 }] }\n    quorum: 1',
    '23:13: approvals[0].quorum: `approvers` need more people anyway: `2`',
  ],
  [
    '    description: Both look at it.',
    '    description: Both look at it.\n    quorum: 2',
    '35:13: approvals[1].quorum: `approvers` need more people anyway: `3`',
  ],
  [
    'sub: robot',
    'sub: 5',
    '24:59: approvals[0].machines[0].sub: expected text, found a number (quote it to make it text)',
  ],
  [
    'example, sub: robot',
    'exmaple, sub: robot',
    '24:26: approvals[0].machines[0].issuer: none of `issuers`: `https://login.acme.exmaple`, did you mean `https://login.acme.example`?',
  ],
  // when
  [
    'wait: 2h',
    'wait: 2',
    '25:11: approvals[0].wait: expected a time such as `90s`, `10m` or `1h`, at most 24 hours',
  ],
  [
    'wait: 2h',
    'wait: 25h',
    '25:11: approvals[0].wait: expected a time such as `90s`, `10m` or `1h`, at most 24 hours',
  ],
  ['wait: 2h', 'wait: 45m', '28:17: approvals[0].reminders[0]: must be shorter than `wait`, `45m`'],
  [
    '    wait: 2h\n',
    '    wait: 20m\n',
    '28:17: approvals[0].reminders[0]: must be shorter than `wait`, `20m`',
    '29:26: approvals[0].escalation.after: must be shorter than `wait`, `20m`',
  ],
  [
    '[45m, 15m]',
    '[60m, 120m]',
    '28:22: approvals[0].reminders[1]: must be shorter than `wait`, `2h`',
  ],
  ['[45m, 15m]', '15m', '28:16: approvals[0].reminders: expected a list, found text'],
  [
    'after: 30m',
    'after: 3h',
    '29:26: approvals[0].escalation.after: must be shorter than `wait`, `2h`',
  ],
  [
    'useWithin: 5m',
    'usewithin: 5m',
    '26:5: approvals[0].usewithin: unknown key `usewithin`, did you mean `useWithin`?',
  ],
  [
    'Europe/Zurich',
    'Europe/Zürich',
    '27:24: approvals[0].hours.timeZone: no time zone has this IANA name: `Europe/Zürich`, did you mean `Europe/Zurich`?',
  ],
  [
    'Europe/Zurich',
    'Mars/Olympus',
    '27:24: approvals[0].hours.timeZone: no time zone has this IANA name: `Mars/Olympus`',
  ],
  [
    'Europe/Zurich',
    "'+01:00'",
    '27:24: approvals[0].hours.timeZone: no time zone has this IANA name: `+01:00`',
  ],
  [
    '[fri, mon, tue]',
    '[friday]',
    '27:46: approvals[0].hours.days[0]: must be one of `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`',
  ],
  ['[fri, mon, tue]', '[]', '27:45: approvals[0].hours.days: must have at least one entry'],
  [
    "'22:00'",
    "'24:00'",
    '27:68: approvals[0].hours.from: expected a time of day such as `08:00` or `17:30`',
  ],
  [
    "'06:30'",
    '6:30',
    '27:84: approvals[0].hours.until: expected a time of day such as `08:00` or `17:30`',
  ],
  ["from: '22:00', ", '', '27:12: approvals[0].hours.from: missing key `from`'],
  // otherwise
  [
    'escalation: { after: 30m, group: leads,',
    'escalation: { after: 30m, group: lead,',
    '29:38: approvals[0].escalation.group: `roles` does not make this group `approver`: `lead`, did you mean `leads`?',
  ],
  [
    'breakGlass: { group: clinicians }',
    'breakGlass: clinicians',
    '30:17: approvals[0].breakGlass: expected keys and values, found text',
  ],
  [
    `${OFFICERS}\n    quorum: 2`,
    '{ anyOf: [{ group: clinicians }] }',
    '22:35: approvals[0].approvers.anyOf[0].group: `roles` does not make this group `approver`: `clinicians`',
    '29:26: approvals[0].breakGlass.group: nobody else approves, so nobody else would look at it: `clinicians`',
  ],
  [
    'longest: 8h',
    'longest: 2d',
    '31:25: approvals[0].timeBox.longest: expected a time such as `90s`, `10m` or `1h`, at most 24 hours',
  ],
  [
    ', maximumBytes: 10 GiB',
    '',
    '31:14: approvals[0].timeBox.maximumBytes: missing key `maximumBytes`',
  ],
  // Slack
  [
    'slackChannel: C0123456789',
    "slackChannel: '#privacy'",
    '32:19: approvals[0].slackChannel: expected the id of a channel such as `C0123456789`',
  ],
  [
    `${SLACK}\n`,
    '',
    '29:45: approvals[0].escalation.slackChannel: of which workspace? `slack` says so, and is not there',
    '32:5: approvals[0].slackChannel: of which workspace? `slack` says so, and is not there',
    '40:5: people[0].slackUser: of which workspace? `slack` says so, and is not there',
  ],
  [
    'team: T0123456789',
    'team: acme',
    '43:16: slack.team: expected the id of a workspace such as `T0123456789`',
  ],
  [', app: A0123456789', '', '43:8: slack.app: missing key `app`'],
  // people
  [
    'slackUser: U0123456789',
    'slackUser: petra',
    '40:16: people[0].slackUser: expected the id of a user such as `U0123456789`',
  ],
  [
    PAUL,
    `${PAUL}\n    slackUser: U0123456789`,
    '43:16: people[1].slackUser: a Slack user is one person, first on line 40: `U0123456789`',
  ],
  [
    PAUL,
    PAUL.replace('paul', 'petra-admin'),
    '42:16: people[1].accounts[0]: an account belongs to one person, first on line 39: `https://login.acme.example petra-admin`',
  ],
  [
    PAUL,
    PAUL.replace('login.acme', 'login2.acme'),
    '42:26: people[1].accounts[0].issuer: none of `issuers`: `https://login2.acme.example`, did you mean `https://login.acme.example`?',
  ],
  [PAUL, 'accounts: []', '42:15: people[1].accounts: must have at least one entry'],
  [
    'groups: [officers]',
    'groups: [officer]',
    '41:14: people[0].groups[0]: `roles` does not make this group `approver`: `officer`, did you mean `officers`?',
  ],
  // what is held
  [
    '    approval: both\n',
    '',
    '45:5: rules[0].approval: missing key `approval`: which of `approvals` it takes',
  ],
  [
    'approval: both',
    'approval: bth',
    '48:15: rules[0].approval: no entry of `approvals` has this id: `bth`, did you mean `both`?',
  ],
  [
    'effect: require-approval',
    'effect: permit',
    '48:5: rules[0].approval: only a rule that is `require-approval` has it, not one that is `permit`',
  ],
  [
    'effect: require-approval',
    'effect: deny',
    '48:5: rules[0].approval: only a rule that is `require-approval` has it, not one that is `deny`',
  ],
  [
    '  approval: officers\n',
    '',
    '17:3: oracles.approval: missing key `approval`: which of `approvals` it takes',
  ],
  [
    '  approval: officers\n',
    '  approval: oficers\n',
    '18:13: oracles.approval: no entry of `approvals` has this id: `oficers`, did you mean `officers`?',
  ],
  [
    '{ birth: require-approval }',
    '{ birth: allow }',
    '18:3: oracles.approval: nothing in `oracles` is `require-approval`',
  ],
  [
    '  tags: { birth: require-approval }\n  approval: officers\n',
    '  default: require-approval\n',
    '17:3: oracles.approval: missing key `approval`: which of `approvals` it takes',
  ],
]

test.each(mistakes.map(([piece, by, ...problems]) => [problems, piece, by] as const))(
  '%j',
  (problems, piece, by) => {
    expect(problemsOf(held(piece, by))).toEqual(problems)
  },
)
