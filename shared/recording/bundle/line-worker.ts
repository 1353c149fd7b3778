/** A thread that checks lines; started by `checkingThreads` only. */
import { parentPort, workerData } from 'node:worker_threads'

import { lineChecker } from './check-lines.ts'
import type { CertifiedWriter } from './checked-line.ts'
import type { SentContext } from './line-context.ts'
import { linesIn } from './split-lines.ts'

/** What a thread is sent: a writer to know, or lines to check, each with its LF. */
export type ToThread =
  | { readonly writer: CertifiedWriter }
  | { readonly first: number; readonly bytes: Uint8Array }

const { context }: { readonly context: SentContext } = workerData
const checker = lineChecker(context)

parentPort?.on('message', (message: ToThread) => {
  if ('writer' in message) return checker.know(message.writer)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
  parentPort?.postMessage(checker.check(message.first, linesIn(message.bytes)))
})
