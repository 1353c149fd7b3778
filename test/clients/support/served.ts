import type { IncomingMessage } from 'node:http'

import type { SeenRequest } from '../../../infra/local/bigquery/http/router.ts'
import type { LocalBigQueryOptions } from '../../../infra/local/bigquery/start-local-bigquery.ts'
import type { LocalIssuer } from '../../../infra/local/issuer/start-local-issuer.ts'
import type { HeardEntry } from './recorded-calls.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether clients meet the sources, in the process of the test, or the built functions; see the tests' configuration. */
    readonly clientsOf: 'sources' | 'dist'
  }
}

/** Sluice as clients meet it. */
export interface Served {
  /** Its address, without a slash at the end. */
  readonly gateway: string
  readonly issuer: LocalIssuer
  /** The record so far, in its order. */
  entries(): Promise<readonly HeardEntry[]>
  close(): Promise<void>
}

/** With what it is served, and who is told. */
export interface ServeOptions {
  /** A data folder. */
  readonly data: string
  /** A policy file, written for the addresses of the local stack. */
  readonly policy: string
  /** For whatever it keeps; there already. */
  readonly folder: string
  readonly onRequest: (request: IncomingMessage) => void
  readonly onUpstream: (request: SeenRequest) => void
  readonly beforeJob: NonNullable<LocalBigQueryOptions['beforeJob']>
}
