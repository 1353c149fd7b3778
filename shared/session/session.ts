import type { Principal } from '../identity/principal.ts'
import type { Brand } from '../kernel/brand.ts'

/** 26 characters of lower-case base32. */
export type SessionId = Brand<string, 'SessionId'>

/**
 * A recorded stretch of work by one principal through one client. Not a BigQuery session and not an
 * MCP session; those are always written out in full.
 */
export interface Session {
  readonly id: SessionId
  readonly principal: Principal
  /** What the platform saw of the connection. */
  readonly verified: { readonly sourceAddress: string | undefined }
  /** What the caller says of itself. Policy must not rely on it. */
  readonly claimed: {
    readonly userAgent: string | undefined
    readonly apiClient: string | undefined
    /** The session name the caller chose: `Sluice-Session` or label `sluice_session`. */
    readonly name: string | undefined
    /** Such as `mcp-toolbox 1.12.0`, read off the user agent and job labels. */
    readonly tool: string | undefined
  }
}
