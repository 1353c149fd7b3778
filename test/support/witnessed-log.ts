import { tlogWitnesses } from '../../shared/adapters/witness/tlog-witnesses.ts'
import type { WitnessRefusal } from '../../shared/adapters/witness/witness-refusal.ts'
import type { ProofFrom } from '../../shared/recording/log/witnesses.ts'
import { encodeCheckpoint } from '../../shared/tlog/checkpoint.ts'
import { encodeNote } from '../../shared/tlog/note.ts'
import { signNote } from '../../shared/tlog/sign-note.ts'
import { naiveRoot, naiveSubproof, numberedLeaves } from './naive-tree.ts'
import { noteSigner } from './note-keys.ts'
import type { TestWitness } from './witness.ts'

const ORIGIN = 'example.com/witnessed'
const signer = noteSigner('ed25519', ORIGIN)

/** The key of every log that `witnessedLog` makes. */
export const logKey = signer.key

/** A log of numbered leaves and whoever cosigns it, by the terms of policy. */
export function witnessedLog(
  witnesses: readonly TestWitness[],
  options: { readonly timeoutMs?: number; readonly leaves?: readonly Buffer[] } = {},
) {
  const leaves = options.leaves ?? numberedLeaves(40)
  const refusals: WitnessRefusal[] = []
  const { timeoutMs = 5000 } = options
  const witnessesOf = tlogWitnesses({ onRefusal: (refusal) => refusals.push(refusal), timeoutMs })
  const named = { witnesses: witnesses.map(({ terms }) => terms), quorum: witnesses.length }
  const proofFrom =
    (size: number): ProofFrom =>
    async (from) =>
      naiveSubproof(from, leaves.slice(0, size), true)
  return {
    refusals,
    proofFrom,
    note: (size: number) => noteOf(leaves.slice(0, size)),
    /** Has the log cosigned at a size, with a proof that may be another one. */
    cosign: async (size: number, proof: ProofFrom = proofFrom(size)) => {
      const note = encodeNote(await noteOf(leaves.slice(0, size)))
      return witnessesOf(named)?.cosign(note, proof)
    },
  }
}

async function noteOf(leaves: readonly Buffer[]) {
  const root = naiveRoot(leaves)
  const text = encodeCheckpoint({ origin: ORIGIN, size: leaves.length, root, extensions: [] })
  return { text, signatures: [await signNote(signer.key, text, signer.sign)] }
}
