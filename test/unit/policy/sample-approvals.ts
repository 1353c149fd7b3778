import { SAMPLE } from './sample-policy.ts'

/** The sample with all that can be said of approvals, and nothing wrong; tests replace a piece of it. */
export const HELD = `${SAMPLE.slice(0, SAMPLE.indexOf('rules:'))}roles:
  officers: approver
  leads: [auditor, approver]
  clinicians: requester
data:
  - { tables: acme.hospital.*, columns: birth_date, tags: [birth], mask: SHA256 }
oracles:
  tags: { birth: require-approval }
  approval: officers
approvals:
  - id: officers
    description: One of them looks at it.
    approvers: { anyOf: [{ group: officers, votes: 2 }, { group: leads }] }
    quorum: 2
    machines: [{ issuer: https://login.acme.example, sub: robot }]
    wait: 2h
    useWithin: 5m
    hours: { timeZone: Europe/Zurich, days: [fri, mon, tue], from: '22:00', until: '06:30' }
    reminders: [45m, 15m]
    escalation: { after: 30m, group: leads, slackChannel: C0123456780 }
    breakGlass: { group: clinicians }
    timeBox: { longest: 8h, maximumBytes: 10 GiB }
    slackChannel: C0123456789
  - id: both
    description: Both look at it.
    approvers: { allOf: [{ group: officers, votes: 2 }, { group: leads }] }
people:
  - accounts:
      - { issuer: https://login.acme.example, sub: petra }
      - { issuer: https://login.acme.example, sub: petra-admin }
    slackUser: U0123456789
    groups: [officers]
  - accounts: [{ issuer: https://login.acme.example, sub: paul }]
slack: { team: T0123456789, app: A0123456789 }
rules:
  - id: readers
    description: They read.
    effect: require-approval
    approval: both
    when: query.statementType == "SELECT"
`

/** It with one piece replaced. Throws when the piece is not there. */
export function held(piece: string, by: string): string {
  if (!HELD.includes(piece)) throw new Error(`not in the sample: ${piece}`)
  return HELD.replace(piece, () => by)
}
