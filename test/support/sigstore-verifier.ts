import { generateKeyPairSync, sign, verify } from 'node:crypto'

import { TrustedRoot } from '@sigstore/protobuf-specs'
import {
  type SignedEntity,
  type TrustMaterial,
  VerificationError,
  Verifier,
  toTrustMaterial,
} from '@sigstore/verify'

import type { VerifierKey } from '../../shared/tlog/verifier-key.ts'

const person = generateKeyPairSync('ed25519')
const artifact = Buffer.from('an artifact')
const signature = sign(null, artifact, person.privateKey)

/** A leaf of ours as sigstore reads leaves: that somebody signed an artifact. */
export function sigstoreLeaf(note: string): Buffer {
  const content = signature.toString('base64')
  const spec = { data: { hash: { value: '' } }, signature: { content } }
  return Buffer.from(JSON.stringify({ apiVersion: '0.0.1', kind: 'hashedrekord', note, spec }))
}

/** What a log says of a leaf, and the one key of the log that is believed. */
export interface LoggedLeaf {
  readonly key: VerifierKey
  readonly leaf: Buffer
  readonly index: number
  readonly hashes: readonly Uint8Array[]
  /** A signed note. */
  readonly checkpoint: string
}

/** What `@sigstore/verify` says of a leaf: that it is accepted, or why not. */
export function sigstoreVerdict(logged: LoggedLeaf): string {
  const options = { tlogThreshold: 1, timestampThreshold: 0 }
  try {
    new Verifier(trustIn(logged.key), options).verify(entityOf(logged))
    return 'accepted'
  } catch (cause) {
    if (cause instanceof VerificationError) return cause.message
    throw cause
  }
}

/** What somebody would configure who follows a log of ours with sigstore. */
function trustIn(key: VerifierKey): TrustMaterial {
  const spki = key.publicKey.export({ format: 'der', type: 'spki' })
  const root = TrustedRoot.fromJSON({
    tlogs: [
      {
        baseUrl: `https://${key.name}`,
        hashAlgorithm: 'SHA2_256',
        publicKey: {
          rawBytes: spki.toString('base64'),
          keyDetails: key.type === 'ecdsa-p256' ? 'PKIX_ECDSA_P256_SHA_256' : 'PKIX_ED25519',
        },
        logId: { keyId: logIdOf(key).toString('base64') },
      },
    ],
  })
  return {
    ...toTrustMaterial(root),
    publicKey: () => ({ publicKey: person.publicKey, validFor: () => true }),
  }
}

function entityOf({ key, leaf, index, hashes, checkpoint }: LoggedLeaf): SignedEntity {
  return {
    key: { $case: 'public-key', hint: 'person' },
    timestamps: [],
    signature: {
      signature,
      compareSignature: (other) => signature.equals(other),
      compareDigest: () => true,
      compareSignedDigest: () => true,
      verifySignature: (publicKey) => verify(null, artifact, publicKey, signature),
    },
    tlogEntries: [
      {
        logIndex: String(index),
        logId: { keyId: logIdOf(key) },
        kindVersion: { kind: 'hashedrekord', version: '0.0.1' },
        integratedTime: '0',
        inclusionPromise: undefined,
        inclusionProof: {
          logIndex: String(index),
          // These two are for older clients: the checkpoint says both.
          rootHash: Buffer.of(),
          treeSize: '0',
          hashes: hashes.map((hash) => Buffer.from(hash)),
          checkpoint: { envelope: checkpoint },
        },
        canonicalizedBody: leaf,
      },
    ],
  }
}

const logIdOf = ({ keyId }: VerifierKey): Buffer => Buffer.from(keyId, 'hex')
