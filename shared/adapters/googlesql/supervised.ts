import { setTimeout as sleep } from 'node:timers/promises'

import { GoogleSqlError, isOutage } from './googlesql-error.ts'
import { type GoogleSqlOptions, type GoogleSqlServer, startGoogleSql } from './server.ts'

/** A GoogleSQL that is started again when it dies. */
export interface SupervisedGoogleSql {
  /**
   * As `GoogleSqlServer.call`. A call that is in flight when the process dies rejects with
   * `UNAVAILABLE` and is never made again: it may be what killed it. The next call finds a new process.
   */
  readonly call: GoogleSqlServer['call']
  /** As `call`, with the bytes of the reply. */
  readonly exchange: GoogleSqlServer['exchange']
  /** Ends the process; later calls reject with `UNAVAILABLE`. */
  readonly close: () => void
  /** False when closed, and from a crash until a process runs again. */
  readonly healthy: () => boolean
}

export interface SupervisorOptions extends GoogleSqlOptions {
  /** Start now, and again at once after a crash, not at the next call. */
  readonly eager?: boolean
  /** The longest pause before a new process after one that died young. By default 1 s. */
  readonly maximumBackoffMs?: number
  /** Starts a process; replaced in tests. */
  readonly start?: (options: GoogleSqlOptions) => Promise<GoogleSqlServer>
}

/** Keeps one GoogleSQL process running: at most one at a time, each after a pause that grows. */
export function superviseGoogleSql(options: SupervisorOptions = {}): SupervisedGoogleSql {
  const { start = startGoogleSql, eager = false, maximumBackoffMs = 1_000 } = options
  let closed = false
  let running: Promise<GoogleSqlServer> | undefined
  let up: GoogleSqlServer | undefined
  // Deaths since the last call that was answered. The first new process comes at once.
  let deaths = 0

  const launch = async (): Promise<GoogleSqlServer> => {
    // Waiting to be of use is no reason for our process to stay; a call is, so it waits with `ref`.
    const ref = !eager
    if (deaths > 1) {
      await sleep(Math.min(10 * 2 ** deaths, maximumBackoffMs), undefined, { ref })
    }
    const server = await start(options)
    if (closed) server.close()
    else up = server
    void server.exited.then(() => retire(server))
    return server
  }
  const retire = (server: GoogleSqlServer): void => {
    if (up !== server) return
    up = undefined
    running = undefined
    deaths += 1
    server.close()
    if (eager) keepUp()
  }
  const ensure = (): Promise<GoogleSqlServer> => {
    if (closed) return Promise.reject(new GoogleSqlError('UNAVAILABLE', 'GoogleSQL was closed'))
    running ??= launch().catch((cause: unknown) => {
      running = undefined
      deaths += 1
      throw cause
    })
    return running
  }

  const keepUp = (): void => {
    ensure().catch(() => {
      if (!closed) keepUp()
    })
  }

  if (eager) keepUp()
  const use = async <T>(ask: (server: GoogleSqlServer) => Promise<T>): Promise<T> => {
    const server = await ensure()
    try {
      const reply = await ask(server)
      deaths = 0
      return reply
    } catch (cause) {
      // Gone, or busy with what it cannot be stopped from doing: its threads know no cancellation.
      if (isOutage(cause)) retire(server)
      throw cause
    }
  }
  return {
    call: (...args) => use((server) => server.call(...args)),
    exchange: (...args) => use((server) => server.exchange(...args)),
    close: () => {
      closed = true
      up?.close()
      up = undefined
    },
    healthy: () => up !== undefined,
  }
}
