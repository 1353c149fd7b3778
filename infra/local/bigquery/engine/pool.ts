import {
  bigQueryLanguageOptions,
  type LanguageOptions,
} from '../../../../shared/adapters/googlesql/language-options.ts'
import {
  type GoogleSqlServer,
  startGoogleSql,
} from '../../../../shared/adapters/googlesql/server.ts'
import { type Engine, engineOf } from './engine.ts'

/** Some GoogleSQL processes; each does one piece of work at a time. */
export interface EnginePool {
  /**
   * Does `work` with a process that nobody else uses meanwhile, waiting for one in turn. `onStart` is
   * called when there is one. When `signal` aborts, the process is killed, for nothing else ends a
   * query, and this rejects with the signal's reason; so it does when the process dies by itself.
   */
  run<T>(work: (engine: Engine) => Promise<T>, options?: RunOptions): Promise<T>
  /** Starts so many processes before there is work for them. Rejects when they do not run. */
  warm(count: number): Promise<void>
  /** Kills every process; what is under way rejects. Resolves when all are gone. */
  close(): Promise<void>
}

export interface RunOptions {
  readonly signal?: AbortSignal
  readonly onStart?: () => void
}

interface Worker {
  readonly server: GoogleSqlServer
  readonly engine: Engine
}

/** A pool of at most `size` processes, started when they are first needed. */
export function enginePool(size: number): EnginePool {
  const idle: Worker[] = []
  const all = new Set<Worker>()
  const starting = new Set<Promise<Worker>>()
  const queue: (() => void)[] = []
  let busy = 0
  let language: Promise<LanguageOptions> | undefined
  let isClosed = false

  const start = async (): Promise<Worker> => {
    if (isClosed) throw new Error('the local BigQuery is closing')
    const started = launch()
    starting.add(started)
    return started.finally(() => starting.delete(started))
  }
  const launch = async (): Promise<Worker> => {
    const server = await startGoogleSql()
    try {
      language ??= bigQueryLanguageOptions(server.call)
      const worker = { server, engine: engineOf(server, await language) }
      all.add(worker)
      const forget = (): boolean => all.delete(worker)
      void server.exited.then(forget)
      if (isClosed) throw new Error('the local BigQuery is closing')
      return worker
    } catch (cause) {
      language = undefined
      server.close()
      await server.exited
      throw cause
    }
  }
  const take = async (): Promise<Worker> => {
    for (let worker = idle.pop(); worker !== undefined; worker = idle.pop()) {
      if (all.has(worker)) return worker
    }
    return start()
  }
  const turn = (signal: AbortSignal | undefined): Promise<void> => {
    signal?.throwIfAborted()
    if (busy < size) {
      busy += 1
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        queue.splice(queue.indexOf(enter), 1)
        reject(signal?.reason)
      }
      const enter = (): void => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      signal?.addEventListener('abort', leave, { once: true })
      queue.push(enter)
    })
  }
  const next = (): void => {
    const enter = queue.shift()
    if (enter === undefined) busy -= 1
    else enter()
  }

  return {
    run: async (work, { signal, onStart } = {}) => {
      await turn(signal)
      let worker: Worker | undefined
      const kill = (): void => worker?.server.close()
      try {
        worker = await take()
        signal?.throwIfAborted()
        signal?.addEventListener('abort', kill, { once: true })
        onStart?.()
        return await Promise.race([work(worker.engine), aborted(signal)])
      } catch (cause) {
        throw signal?.aborted === true ? signal.reason : cause
      } finally {
        signal?.removeEventListener('abort', kill)
        if (signal?.aborted === true || isClosed) kill()
        else if (worker !== undefined && all.has(worker)) idle.push(worker)
        next()
      }
    },
    warm: async (count) => {
      const started = await Promise.all(Array.from({ length: count }, start))
      idle.push(...started)
    },
    close: async () => {
      isClosed = true
      const ends = [...all].map(({ server }) => {
        server.close()
        return server.exited
      })
      await Promise.allSettled([...ends, ...starting])
    },
  }
}

/** Rejects with the signal's reason when it aborts; settles in no other way. */
function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
