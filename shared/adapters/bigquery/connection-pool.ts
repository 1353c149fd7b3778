import { type Dispatcher, Pool } from 'undici'

import type { Clock } from '../../kernel/clock.ts'

export interface ConnectionPool {
  /** Where to send the next request. Ask every time. */
  dispatcher(): Dispatcher
  /** Resolves once the requests under way have ended and every connection is closed. */
  close(): Promise<void>
}

export interface ConnectionPoolOptions {
  readonly origin: string
  readonly clock: Clock
  readonly connectTimeoutMs: number
  /** How long an idle connection is kept. Less than BigQuery keeps it. */
  readonly keepAliveMs: number
  /** At most so many connections, and so many requests at once; others wait. */
  readonly connections: number
}

/** Keep-alive connections to one origin: HTTP/1.1, one request at a time on each. */
export function connectionPool(options: ConnectionPoolOptions): ConnectionPool {
  const { origin, clock, connectTimeoutMs, keepAliveMs, connections } = options
  const open = (): Pool =>
    new Pool(origin, {
      connections,
      pipelining: 1,
      allowH2: false,
      connectTimeout: connectTimeoutMs,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      // `send` keeps the time: one limit for everything.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  const retiring = new Set<Promise<void>>()
  const retire = (old: Pool): void => {
    const closed = old.close().finally(() => retiring.delete(closed))
    retiring.add(closed)
  }
  let pool = open()
  let usedAt = clock()
  return {
    dispatcher: () => {
      const now = clock()
      // undici's timers count ticks, not time: after an instance was frozen, connections that are
      // long dead pass for young, and a query sent into one of them ends as `may have run`.
      if (now - usedAt > keepAliveMs) {
        retire(pool)
        pool = open()
      }
      usedAt = now
      return pool
    },
    close: async () => {
      if (!pool.closed) retire(pool)
      await Promise.all(retiring)
    },
  }
}
