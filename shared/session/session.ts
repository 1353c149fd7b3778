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
  /**
   * What the platform saw of the connection. What the token proves, such as client and CI run, is in
   * `principal` (`clientId`, `claims`), where rules may ask for it.
   */
  readonly verified: { readonly sourceAddress: string | undefined }
  /** What the caller says of itself. Policy must not rely on it. */
  readonly claimed: {
    readonly userAgent: string | undefined
    readonly apiClient: string | undefined
    /** The session name the caller chose: `Sluice-Session` or label `sluice_session`. */
    readonly name: string | undefined
    /** MCP server or other program, such as `genai-toolbox/1.12.0`: first product of the user agent. */
    readonly server: string | undefined
    /** The tool of that server, by the job label `mcp-toolbox-tool`. */
    readonly tool: string | undefined
  }
}
