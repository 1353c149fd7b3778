import { Worker } from 'node:worker_threads'

import type { CertifiedWriter, CheckedLine } from './checked-line.ts'
import type { SentContext } from './line-context.ts'
import type { ToThread } from './line-worker.ts'

/** Checks lines, somewhere. */
export interface Checking {
  know(writer: CertifiedWriter): void
  /** As `LineChecker.check`, of lines that are joined, each with its LF. Rejects only for a bug. */
  check(first: number, bytes: Uint8Array<ArrayBuffer>): Promise<readonly CheckedLine[]>
  /** How many blocks of lines may be under way. */
  readonly breadth: number
  close(): Promise<void>
}

/** So many threads that check lines, in turn; each two blocks ahead, so that none waits. */
export function checkingThreads(context: SentContext, count: number): Checking {
  const threads = Array.from({ length: count }, () => startThread(context))
  let next = 0
  return {
    know(writer) {
      for (const thread of threads) thread.send({ writer })
    },
    check(first, bytes) {
      const thread = threads[next % threads.length]
      next += 1
      if (thread === undefined) throw new RangeError('no threads')
      return thread.ask({ first, bytes })
    },
    breadth: count * 2,
    async close() {
      await Promise.all(threads.map((thread) => thread.stop()))
    },
  }
}

interface Waiting {
  resolve(lines: readonly CheckedLine[]): void
  reject(cause: unknown): void
}

function startThread(context: SentContext) {
  const worker = new Worker(new URL('line-worker.ts', import.meta.url), { workerData: { context } })
  // It answers in the order in which it is asked.
  const waiting: Waiting[] = []
  worker.on('message', (lines: readonly CheckedLine[]) => waiting.shift()?.resolve(lines))
  worker.on('error', (cause) => {
    for (const each of waiting.splice(0)) each.reject(cause)
  })
  return {
    send(message: ToThread) {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
      worker.postMessage(message)
    },
    ask(message: { readonly first: number; readonly bytes: Uint8Array<ArrayBuffer> }) {
      return new Promise<readonly CheckedLine[]>((resolve, reject) => {
        waiting.push({ resolve, reject })
        worker.postMessage(message, [message.bytes.buffer])
      })
    },
    stop: () => worker.terminate(),
  }
}
