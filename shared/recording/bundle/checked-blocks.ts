import { lineChecker } from './check-lines.ts'
import type { CertifiedWriter, CheckedLine } from './checked-line.ts'
import { type Checking, checkingThreads } from './checking-threads.ts'
import type { SentContext } from './line-context.ts'
import { linesIn } from './split-lines.ts'

/** Small bundles are done before threads have started. */
const LINES_ALONE = 2_000
const BLOCK_LINES = 256
const BLOCK_BYTES = 1024 * 1024

/**
 * Checks lines of one bundle in blocks, in other threads once there are many; answers in the order of the lines.
 */
export interface CheckedBlocks {
  /** What came of lines by now; at the end that of all lines. */
  add(lines: readonly Buffer[]): AsyncGenerator<readonly CheckedLine[]>
  /** Everything that is under way. */
  rest(): AsyncGenerator<readonly CheckedLine[]>
  /** Has stamps of this writer verified. */
  know(writer: CertifiedWriter): void
  close(): Promise<void>
}

/** `first` is the number of the first line, from 1; `threads` how many there may be, 0 for none. */
export function checkedBlocks(
  context: SentContext,
  { first, threads }: { readonly first: number; readonly threads: number },
): CheckedBlocks {
  const alone = checkingAlone(context)
  const writers: CertifiedWriter[] = []
  let checking: Checking = alone
  let block: Buffer[] = []
  let bytes = 0
  let next = first
  let underWay: Promise<readonly CheckedLine[]>[] = []

  const send = (): void => {
    if (block.length === 0) return
    if (checking === alone && threads > 0 && next - first >= LINES_ALONE) {
      checking = checkingThreads(context, threads)
      for (const writer of writers) checking.know(writer)
    }
    underWay.push(checking.check(next, joined(block, bytes)))
    next += block.length
    block = []
    bytes = 0
  }
  return {
    async *add(lines) {
      for (const line of lines) {
        const isFull = block.length >= BLOCK_LINES || bytes >= BLOCK_BYTES
        // Private facts are compared with the entry on the line before.
        if (isFull && !line.subarray(0, PRIVATE.length).equals(PRIVATE)) send()
        block.push(line)
        bytes += line.length + 1
        while (underWay.length >= checking.breadth) {
          const done = await underWay.shift()
          if (done !== undefined) yield done
        }
      }
    },
    async *rest() {
      send()
      for (const done of underWay.splice(0)) yield await done
    },
    know(writer) {
      writers.push(writer)
      checking.know(writer)
    },
    close: () => checking.close(),
  }
}

/** How the canonical JSON of a `private` line begins. */
const PRIVATE = Buffer.from('{"facts":')

function checkingAlone(context: SentContext): Checking {
  const checker = lineChecker(context)
  return {
    know: (writer) => checker.know(writer),
    check: (first, bytes) => Promise.resolve(checker.check(first, linesIn(bytes))),
    breadth: 1,
    close: () => Promise.resolve(),
  }
}

/** In memory of its own, which can be handed to another thread. */
function joined(lines: readonly Buffer[], bytes: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(bytes)
  let at = 0
  for (const line of lines) {
    all.set(line, at)
    at += line.length
    all[at] = 0x0a
    at += 1
  }
  return all
}
