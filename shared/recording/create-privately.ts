import type { Result } from '../kernel/result.ts'
import { err } from '../kernel/result.ts'
import type { Entry } from './entry.ts'
import type { PrivatePart } from './envelope.ts'
import type { PrivateFacts, RecordSecret, SecretScope } from './private-facts.ts'
import { sealPart } from './private-part.ts'
import { type Durable, type Recorder, type RecordingProblem, createDurably } from './recorder.ts'

/** Writes an entry with facts that only whoever has the secret of its scope can read. Throws as `createDurably` does. */
export async function createPrivately(
  recorder: Recorder,
  scope: SecretScope,
  {
    id,
    facts,
    entry,
  }: {
    readonly id: string
    readonly facts: PrivateFacts
    readonly entry: (part: PrivatePart) => Entry
  },
): Promise<Result<Durable, RecordingProblem>> {
  let secret: RecordSecret
  try {
    secret = await recorder.secrets.current(scope)
  } catch (cause) {
    return err({ problem: 'store-unavailable', cause })
  }
  const { part, ciphertext } = sealPart(id, facts, secret)
  return createDurably(recorder, entry(part), ciphertext)
}
