import { Hono } from 'hono'

import { decodeHash } from '../../shared/tlog/base64.ts'
import { parseDecimal } from '../../shared/tlog/decimal.ts'
import { encodeNote } from '../../shared/tlog/note.ts'
import { openCheckpoint } from '../../shared/tlog/open-checkpoint.ts'
import { cosignNote } from '../../shared/tlog/sign-note.ts'
import { encodeVerifierKey } from '../../shared/tlog/verifier-key-text.ts'
import { type VerifierKey } from '../../shared/tlog/verifier-key.ts'
import { type TreeHead, verifyConsistency } from '../../shared/tlog/verify-consistency.ts'
import { type NoteSigner, noteSigner } from './note-keys.ts'
import { served } from './served.ts'

export interface TestWitness {
  /** As in `record.witnesses`. */
  readonly terms: { readonly url: string; readonly key: string }
  readonly key: VerifierKey<'ed25519-cosignature'>
  /** Bodies of all requests. */
  readonly requests: readonly string[]
  /** And the statuses they were answered with. */
  readonly statuses: readonly number[]
  /** What it cosigned last, by origin. */
  readonly heads: Map<string, TreeHead>
  /** Before it answers; what this returns it answers instead, having done nothing. */
  before: () => Promise<Response | undefined> | Response | undefined
  /** What it has done already, and answers with this instead. */
  after: (answer: Response) => Promise<Response> | Response
  close(): Promise<void>
}

export interface WitnessOptions {
  readonly name: string
  /** The logs it watches. */
  readonly logs: readonly VerifierKey<'ed25519'>[]
  /** 404 by the specification of today; older witnesses say 403. */
  readonly unknownLog?: 403 | 404
  readonly now?: () => number
}

/** A C2SP tlog-witness on loopback that watches some logs, as long as a test. */
export async function startWitness(options: WitnessOptions): Promise<TestWitness> {
  const signer = noteSigner('ed25519-cosignature', options.name)
  const requests: string[] = []
  const statuses: number[] = []
  const heads = new Map<string, TreeHead>()
  const app = new Hono().post('/w/add-checkpoint', async (c) => {
    const body = await c.req.text()
    requests.push(body)
    const instead = await witness.before()
    const answer =
      instead ?? (await witness.after(await addCheckpoint(options, signer, heads, body)))
    statuses.push(answer.status)
    return answer
  })
  const { url, close } = await served(() => app)
  const witness: TestWitness = {
    terms: { url: `${url}/w`, key: encodeVerifierKey(signer.key) },
    key: signer.key,
    requests,
    statuses,
    heads,
    before: () => undefined,
    after: (answer) => answer,
    close,
  }
  return witness
}

/** `add-checkpoint` of C2SP tlog-witness, in its order. */
async function addCheckpoint(
  { logs, unknownLog = 404, now = Date.now }: WitnessOptions,
  signer: NoteSigner<'ed25519-cosignature'>,
  heads: Map<string, TreeHead>,
  body: string,
): Promise<Response> {
  const end = body.indexOf('\n\n')
  const [first = '', ...lines] = body.slice(0, end).split('\n')
  const note = body.slice(end + 2)
  const old = parseDecimal(/^old (.*)$/.exec(first)?.[1] ?? '')
  const proof = lines.map(decodeHash).filter((hash) => hash !== undefined)
  if (end < 0 || old === undefined || proof.length < lines.length || proof.length > 63)
    return say(400, 'not a request')
  const origin = note.slice(0, note.indexOf('\n'))
  const keys = logs.filter(({ name }) => name === origin)
  if (keys.length === 0) return say(unknownLog, 'unknown log')
  const opened = openCheckpoint(Buffer.from(note), { origin, keys, witnesses: [] })
  if (!opened.ok)
    return opened.error.problem === 'checkpoint-malformed'
      ? say(400, 'not a checkpoint')
      : say(403, 'invalid signature')
  const { value: head } = opened
  if (old > head.size) return say(400, 'older than what it follows')
  const latest = heads.get(origin)
  if (old !== (latest?.size ?? 0))
    return new Response(`${latest?.size ?? 0}\n`, {
      status: 409,
      headers: { 'content-type': 'text/x.tlog.size' },
    })
  const follows =
    latest === undefined || latest.size === 0
      ? proof.length === 0
      : verifyConsistency(latest, head, proof).ok
  if (!follows) return say(422, 'wrong consistency proof')
  heads.set(origin, { size: head.size, root: head.root })
  const text = note.slice(0, note.lastIndexOf('\n\n') + 1)
  const signature = await cosignNote(signer.key, text, now(), signer.sign)
  return new Response(linesOf(text, signature))
}

/** Signatures as lines. */
export function linesOf(
  text: string,
  ...signatures: Parameters<typeof encodeNote>[0]['signatures']
): string {
  return encodeNote({ text, signatures })
    .toString()
    .slice(text.length + 1)
}

const say = (status: number, words: string) => new Response(`${words}\n`, { status })
