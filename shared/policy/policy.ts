import type { DatasetReference, ProjectId } from '../bigquery/reference.ts'
import type { TrustedIssuer } from '../identity/trusted-issuer.ts'
import type { ApprovalTerms, KnownPerson, SlackTerms } from './approval-terms.ts'
import type { Governance } from './governance.ts'
import type { RecordTerms } from './record-terms.ts'
import type { TelemetryTerms } from './telemetry-schema.ts'
import type { Meter } from './usage.ts'

/** The policy file, parsed and compiled. Made by `parsePolicy`; never changed. */
export interface Policy {
  /** SHA-256 of the file's bytes, hex. In every recorded decision. */
  readonly digest: string
  /** The file. */
  readonly text: string
  readonly issuers: readonly TrustedIssuer[]
  readonly connections: readonly Connection[]
  /** What members of a group may do about Sluice itself. */
  readonly roles: ReadonlyMap<string, readonly Role[]>
  readonly governance: Governance
  readonly limits: Limits
  /** By id. */
  readonly approvals: ReadonlyMap<string, ApprovalTerms>
  readonly people: readonly KnownPerson[]
  readonly slack: SlackTerms | undefined
  readonly record: RecordTerms
  readonly telemetry: TelemetryTerms
  readonly rules: readonly Rule[]
}

export const roleNames = [
  'requester',
  'approver',
  'auditor',
  'policy-admin',
  'records-manager',
  'private-reader',
] as const

export type Role = (typeof roleNames)[number]

/** How much somebody may use, by what is counted. */
export type Allowance = Readonly<Partial<Record<Meter, number>>>

/** How much each principal may use, and the members of a group, each and together. */
export interface Limits {
  readonly everybody: Allowance
  readonly groups: ReadonlyMap<string, { readonly each: Allowance; readonly together: Allowance }>
}

/** How queries of some projects reach BigQuery. A project belongs to one connection. */
export interface Connection {
  readonly id: string
  readonly projects: readonly ProjectId[]
  /** BigQuery location that jobs get when the client names none. */
  readonly location: string | undefined
  readonly credential: CredentialSource
  readonly limits: ConnectionLimits
  /** What is replayed here; undefined for a connection that is no sandbox. */
  readonly sandbox?: Sandbox | undefined
}

/** Where replays run. */
export interface Sandbox {
  /** By `project.dataset` of what was recorded: the dataset that stands for it. */
  readonly datasets: ReadonlyMap<string, DatasetReference>
  /** How long ago tables may be read as they were; undefined where they are no copies with a past. */
  readonly timeTravelMs: number | undefined
}

export type CredentialSource =
  /** A service-account key; `secret` is `projects/P/secrets/S/versions/V` (V may be `latest`). */
  | { readonly kind: 'secret'; readonly secret: string }
  /** Keyless: Sluice's own identity acts as this account (IAM Credentials API). */
  | { readonly kind: 'impersonate'; readonly serviceAccount: string }
  /** None: the local BigQuery. */
  | { readonly kind: 'none' }

interface ConnectionLimits {
  /** int64 as BigQuery writes it. */
  readonly maximumBytesBilled: number | undefined
  readonly jobTimeoutMs: number | undefined
}

/** One rule. `when` was type-checked at load. */
export interface Rule {
  readonly id: string
  readonly description: string
  readonly effect: 'permit' | 'require-approval' | 'deny'
  /** Throws when the condition cannot be evaluated for what is asked. */
  readonly when: (asked: Asked) => boolean
  /** The fields of `query` that the condition mentions. */
  readonly mentions: ReadonlySet<string>
  readonly maximumBytesBilled: number | undefined
  readonly maximumRows: number | undefined
  readonly needsJustification: boolean
  /** Id of an entry of `approvals`; of every rule that requires approval, and no other. */
  readonly approval: string | undefined
  /** Tags whose masks it lifts. */
  readonly unmask: ReadonlySet<string>
}

/** What conditions may ask about: the CEL variables `principal`, `query` and `request`. */
export interface Asked extends Omit<Facts, 'query'> {
  readonly query: Facts['query'] & ColumnFacts
}

/** What conditions may ask about the columns of a query. Empty where it is decided by names alone. */
export interface ColumnFacts {
  /** `project.dataset.table.column` of every column that is read, those under views. */
  readonly columns: readonly string[]
  /** Those that decide on more than their own value: in filters, joins, grouping, ordering, windows. */
  readonly filterColumns: readonly string[]
  /** Tags of `columns`. */
  readonly tags: readonly string[]
}

/** What is known of a request before its columns are. */
export interface Facts {
  readonly principal: {
    readonly issuer: string
    readonly sub: string
    readonly groups: readonly string[]
    /** Empty when the token names none. */
    readonly client: string
    readonly claims: Readonly<Record<string, string>>
  }
  readonly query: {
    readonly statementType: string
    /** `project.dataset.table` of everything read or written. */
    readonly tables: readonly string[]
    /** Those of `tables` that are written, created or dropped. */
    readonly targets: readonly string[]
    readonly projects: readonly string[]
    readonly parameters: readonly string[]
    readonly dryRun: boolean
    /** `project.dataset.routine`. */
    readonly routines: readonly string[]
    /** What BigQuery's dry run says it would process; undefined when it was not asked. */
    readonly estimatedBytes: number | undefined
    readonly justification: string
  }
  readonly request: {
    /** Epoch milliseconds; a CEL timestamp in conditions. */
    readonly time: number
    /** Empty when not known. */
    readonly sourceAddress: string
    readonly session: string
  }
}
