/** The part of `oidc-provider` that the local issuer uses; the package ships no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export interface Context {
    status: number
    type: string
    body: unknown
    readonly oidc: {
      /** The form, where there is one. */
      readonly body: Readonly<Record<string, string>> | undefined
      readonly params: Readonly<Record<string, string | undefined>>
      readonly client: Client
      readonly session: { readonly accountId: string }
    }
  }

  export interface Client {
    readonly clientId: string
    readonly clientName: string | undefined
    grantTypeAllowed(grantType: string): boolean
  }

  export interface Token {
    readonly kind: string
    readonly accountId: string | undefined
    readonly clientId: string
  }

  export interface Grant {
    addOIDCScope(scope: string): void
    addResourceScope(resource: string, scope: string): void
    save(): Promise<string>
  }

  export interface AccessToken extends Token {
    readonly expiration: number
    readonly tokenType: string
    resourceServer: ResourceServer
    save(): Promise<string>
  }

  export interface ResourceServerInfo {
    readonly scope: string
    readonly audience: string
    readonly accessTokenFormat: 'jwt'
    readonly accessTokenTTL: number
    readonly jwt: { readonly sign: { readonly alg: string } }
  }

  export interface ResourceServer extends ResourceServerInfo {
    identifier(): string
  }

  export interface Interaction {
    readonly uid: string
    readonly prompt: { readonly name: string }
    readonly params: Readonly<Record<string, string | undefined>>
  }

  export class Provider {
    readonly Grant: new (fields: { clientId: string; accountId: string }) => Grant
    readonly AccessToken: new (fields: {
      accountId: string
      client: Client
      grantId: string
      gty: string
      scope: string
    }) => AccessToken
    readonly ResourceServer: new (identifier: string, info: ResourceServerInfo) => ResourceServer
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>)
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>
    on(event: 'error' | 'server_error', listener: (first: unknown, second: unknown) => void): this
    registerGrantType(
      name: string,
      handler: (ctx: Context) => Promise<void>,
      parameters: readonly string[],
    ): void
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: Readonly<Record<string, unknown>>,
      options: { readonly mergeWithLastSubmission: boolean },
    ): Promise<void>
  }
}

declare module 'oidc-provider/lib/adapters/memory_adapter.js' {
  /** A factory of stores; all that one factory makes share their memory. */
  export function createMemoryAdapter(): (model: string) => unknown
}
