import type { ProjectId } from '../bigquery/reference.ts'
import type { TrustedIssuer } from '../identity/trusted-issuer.ts'

/** The policy file, parsed and compiled. Made by `parsePolicy`; never changed. */
export interface Policy {
  /** SHA-256 of the file's bytes, hex. In every recorded decision. */
  readonly digest: string
  readonly issuers: readonly TrustedIssuer[]
  readonly connections: readonly Connection[]
  readonly rules: readonly Rule[]
}

/** How queries of some projects reach BigQuery. A project belongs to one connection. */
export interface Connection {
  readonly id: string
  readonly projects: readonly ProjectId[]
  /** BigQuery location that jobs get when the client names none. */
  readonly location: string | undefined
  readonly credential: CredentialSource
  readonly limits: ConnectionLimits
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
  readonly effect: 'permit' | 'deny'
  /** Throws when the condition cannot be evaluated for these facts. */
  readonly when: (facts: Facts) => boolean
  readonly maximumBytesBilled: number | undefined
}

/** What conditions may ask about: the CEL variables `principal`, `query` and `request`. */
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
