import { parseLine } from '../../shared/recording/bundle/parse-line.ts'
import { messageIn } from './api-call.ts'
import type { ExportTarget } from './export-target.ts'

/** How much came. */
export interface Downloaded {
  readonly bytes: number
  readonly lines: number
}

/** Longer than the last line of a bundle. */
const TAIL_BYTES = 512
const LF = 0x0a

/**
 * Writes what the gateway exports to a target that is made once it does. Rejects, with one line that says why, when it
 * does not, or when what came is not all of it: the target is then given up.
 */
export async function downloadExport(
  from: { readonly url: string; readonly token: string; readonly hasEnd: boolean },
  makeTarget: () => Promise<ExportTarget>,
  onProgress: (bytes: number) => void,
): Promise<Downloaded> {
  const { url, token, hasEnd } = from
  const headers = { authorization: `Bearer ${token}` }
  const response = await fetch(url, { headers }).catch(() => undefined)
  if (response === undefined) throw new Error(`no answer: \`${new URL(url).origin}\``)
  if (!response.ok) {
    const answer: unknown = await response.json().catch(() => undefined)
    throw new Error(messageIn(answer) ?? `status ${response.status}: \`${url}\``)
  }
  const target = await makeTarget()
  try {
    const read = await copy(response, target, onProgress)
    if (hasEnd && !isEnd(read.tail)) throw brokenOff()
    await target.finish()
    return read
  } catch (cause) {
    await target.giveUp()
    throw cause
  }
}

async function copy(
  response: Response,
  target: ExportTarget,
  onProgress: (bytes: number) => void,
): Promise<Downloaded & { readonly tail: Buffer }> {
  const chunks = response.body?.[Symbol.asyncIterator]()
  let bytes = 0
  let lines = 0
  let tail = Buffer.alloc(0)
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- a stream
    const step = await chunks?.next().catch(() => Promise.reject(brokenOff()))
    if (step === undefined || step.done === true) return { bytes, lines, tail }
    const chunk = Buffer.from(step.value)
    bytes += chunk.length
    lines += linesIn(chunk)
    tail = Buffer.concat([tail, chunk]).subarray(-TAIL_BYTES)
    // oxlint-disable-next-line no-await-in-loop
    await target.write(chunk)
    onProgress(bytes)
  }
}

function linesIn(chunk: Buffer): number {
  let count = 0
  for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) count += 1
  return count
}

/** Whether the last line is the end of a bundle. */
function isEnd(tail: Buffer): boolean {
  const last = tail.toString().trimEnd().split('\n').at(-1)
  return tail.at(-1) === LF && parseLine(last ?? '')?.t === 'end'
}

function brokenOff(): Error {
  return new Error('the gateway broke off: what came is not all of it; export it again')
}
