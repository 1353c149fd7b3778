import { err } from '../../kernel/result.ts'
import type { RecordTerms, WitnessTerms } from '../../policy/record-terms.ts'
import type { ProofFrom, Witnesses } from '../../recording/log/witnesses.ts'
import { parseCheckpoint } from '../../tlog/checkpoint.ts'
import { parseNote } from '../../tlog/parse-note.ts'
import { parseVerifierKey } from '../../tlog/verifier-key-text.ts'
import { isOfType } from '../../tlog/verifier-key.ts'
import { isSecure } from '../oidc/issuer-fetch.ts'
import { withTimeout } from '../secret-manager/with-timeout.ts'
import { type Unwitnessed, type Witness, askWitness } from './ask-witness.ts'
import type { WitnessProblem, WitnessRefusal } from './witness-refusal.ts'

export interface TlogWitnessesOptions {
  /** Hears of every checkpoint that a witness did not cosign. Must not throw. */
  readonly onRefusal: (refusal: WitnessRefusal) => void
  /** For everything that one witness is asked about one checkpoint. Default 5,000. */
  readonly timeoutMs?: number
}

/**
 * `Witnesses` that policy names, asked over HTTPS as C2SP tlog-witness says, all at once; undefined where it names none.
 * What they cosigned last is remembered for as long as the function that is returned, whatever policies it is given. It
 * throws `TypeError` for terms that policy does not let through, such as one key twice, which would count twice.
 */
export function tlogWitnesses({
  onRefusal,
  timeoutMs = 5000,
}: TlogWitnessesOptions): (
  terms: Pick<RecordTerms, 'quorum' | 'witnesses'>,
) => Witnesses | undefined {
  const remembered = new Map<string, Witness>()
  const witnessOf = (terms: WitnessTerms): Witness => {
    const id = `${terms.url} ${terms.key}`
    const witness = remembered.get(id) ?? newWitness(terms)
    remembered.set(id, witness)
    return witness
  }

  const ask = async (witness: Witness, checkpoint: Unwitnessed) => {
    const signal = AbortSignal.timeout(timeoutMs)
    // Also the proof takes time, and may never come.
    const answer = await withTimeout(askWitness(witness, checkpoint, signal), timeoutMs).catch(() =>
      err<WitnessProblem>({ problem: 'witness-unavailable', detail: 'no answer in time' }),
    )
    if (answer.ok) return [answer.value]
    const { name } = witness.key
    onRefusal({ witness: name, size: checkpoint.size, problem: answer.error })
    return []
  }

  return (terms) => {
    if (terms.witnesses.length === 0) return undefined
    const witnesses = terms.witnesses.map(witnessOf)
    const keys = witnesses.map(({ key }) => key)
    if (new Set(keys.map(({ name, keyId }) => `${name} ${keyId}`)).size < keys.length)
      throw new TypeError('two witnesses have one key')
    return {
      keys,
      quorum: terms.quorum,
      cosign: async (note, proofFrom) => {
        const checkpoint = unwitnessed(note, proofFrom)
        return (await Promise.all(witnesses.map((each) => ask(each, checkpoint)))).flat()
      },
    }
  }
}

function newWitness({ url, key: text }: WitnessTerms): Witness {
  const key = parseVerifierKey(text)
  if (!key.ok || !isOfType('ed25519-cosignature', key.value) || !isSecure(url))
    throw new TypeError(`no witness: \`${url}\``)
  return { url, key: key.value, lastSize: 0 }
}

/** Throws `TypeError` for what is no checkpoint: its log has signed it just now. */
function unwitnessed(note: Buffer, proofFrom: ProofFrom): Unwitnessed {
  const parsed = parseNote(note)
  const checkpoint = parsed.ok ? parseCheckpoint(parsed.value.text) : parsed
  if (!parsed.ok || !checkpoint.ok) throw new TypeError('only checkpoints are cosigned')
  return { size: checkpoint.value.size, text: parsed.value.text, note, proofFrom }
}
