import {
  type KeyObject,
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
} from 'node:crypto'

import { base32 } from '../../shared/kernel/base32.ts'
import { canonicalJson } from '../../shared/kernel/canonical-json.ts'
import type { BundleScope } from '../../shared/recording/bundle/bundle-line.ts'
import { entryHash } from '../../shared/recording/encode-entry.ts'
import { encodeLeaf } from '../../shared/recording/leaf.ts'
import type { PrivateFacts } from '../../shared/recording/private-facts.ts'
import {
  deliveryDigest,
  openPart,
  rowsDigest,
  sealPart,
} from '../../shared/recording/private-part.ts'
import { encodeReceipt } from '../../shared/recording/receipt.ts'
import { type Stamp, stampHash, stampMessage } from '../../shared/recording/stamp.ts'
import { certificateMessage, encodeCertificate } from '../../shared/recording/writer-certificate.ts'
import { encodeBase64 } from '../../shared/tlog/base64.ts'
import { encodeCheckpoint } from '../../shared/tlog/checkpoint.ts'
import { rawEd25519 } from '../../shared/tlog/ed25519.ts'
import { leafHash } from '../../shared/tlog/hash.ts'
import { encodeNote } from '../../shared/tlog/note.ts'
import { cosignNote, signNote } from '../../shared/tlog/sign-note.ts'
import { encodeVerifierKey } from '../../shared/tlog/verifier-key-text.ts'
import { verifierKey } from '../../shared/tlog/verifier-key.ts'
import { naivePath, naiveRoot } from './naive-tree.ts'
import { type Line, encodeBundle } from './record-bundle.ts'

const LOG = 'sluice.example/golden'
const AT = Date.UTC(2026, 10, 21, 12)
const CALL = 'qfmf3qmnnrkjhjcyl3hjrlahpe'
const SESSION = 'kmb2xdbnzqvxjtzzrg4o4yc3ru'
const SECRET = { id: `${SESSION}.1`, secret: seed('session') }
const ROWS = Buffer.from('[{"f":[{"v":"XXXXX1234"}]}]')
const BODY = Buffer.from(`{"rows":${ROWS.toString()}}`)
const BODY_SALT = seed('body')

/**
 * One call on the record, and everything that is made of it, with fixed keys. `remembered` are ECDSA signatures by
 * the SHA-256 of what they sign: no two runs make the same ones.
 */
export async function goldenRecord(remembered: Readonly<Record<string, string>>) {
  const keys = {
    writer: ed25519('writer'),
    log: ed25519('log'),
    witness: ed25519('witness'),
    logP256: p256('log'),
    authority: p256('authority'),
  }
  const ecdsa: Record<string, string> = {}
  const signP256 = (key: KeyObject, message: Uint8Array): Buffer => {
    const name = createHash('sha256').update(message).digest('hex')
    const before = Buffer.from(remembered[name] ?? '', 'base64')
    const holds = verify('sha256', message, createPublicKey(key), before)
    const signature = holds ? before : sign('sha256', message, key)
    ecdsa[name] = encodeBase64(signature)
    return signature
  }
  const spki = createPublicKey(keys.authority).export({ format: 'der', type: 'spki' })
  const publicKey = rawEd25519(createPublicKey(keys.writer))
  const writer = base32(createHash('sha256').update(publicKey).digest().subarray(0, 16))
  const certificate = encodeCertificate({
    v: 1,
    log: LOG,
    writer,
    publicKey: encodeBase64(publicKey),
    from: AT - 120_000,
    until: AT + 25 * 3_600_000,
  })
  let previous = stampHash(certificateMessage(certificate))
  let number = 0
  const write = (entry: Readonly<Record<string, unknown>>, facts?: PrivateFacts) => {
    const id = String(entry['id'])
    const part = facts && sealPart(id, facts, SECRET)
    const text = canonicalJson({ v: 1, at: AT + number * 1000, ...entry, private: part?.part })
    const hash = entryHash(Buffer.from(text))
    const stamp: Stamp = { v: 1, log: LOG, writer, number, previous, entry: id, hash }
    const message = stampMessage(stamp)
    previous = stampHash(message)
    const committed = (AT + number * 1000 + 15) * 1000 + 42
    number += 1
    const leaf = encodeLeaf({
      t: 'sluice-leaf/v1',
      c: committed,
      e: hash,
      i: id,
      k: String(entry['type']),
      n: stamp.number,
      p: part?.part.ciphertext,
      s: previous,
      w: writer,
    })
    const opened = part && openPart(id, part, SECRET.secret)
    return {
      id,
      text,
      hash,
      committed,
      leaf,
      stamp: {
        text: canonicalJson(stamp),
        hash: previous,
        signature: sign(null, message, keys.writer),
      },
      part: part && opened && { ...part, ...opened },
    }
  }
  const opened = write({
    type: 'writer-opened',
    id: `writer~${writer}~opened`,
    writer,
    certificate,
    signature: encodeBase64(signP256(keys.authority, certificateMessage(certificate))),
    authority: createHash('sha256').update(spki).digest('hex'),
    instance: 'golden',
  })
  const principal = {
    issuer: 'https://id.example',
    subject: 'ana',
    groups: ['analysts'],
    claims: {},
    actors: [],
  }
  const request = write(
    {
      type: 'request',
      id: `${CALL}~request`,
      call: CALL,
      method: 'jobs.query',
      projectId: 'acme',
      dryRun: false,
      strippedSql: 'SELECT name FROM hospital.patients WHERE id = ?',
      tables: ['acme.hospital.patients'],
      targets: [],
      columns: ['acme.hospital.patients.id', 'acme.hospital.patients.name'],
      filterColumns: ['acme.hospital.patients.id'],
      tags: ['pii'],
      principal: {
        ...principal,
        credential: {
          kind: 'bearer',
          tokenDigest: 'c2FtcGxl',
          lifetime: '1',
          issuedAt: AT,
          expiresAt: AT,
        },
      },
      session: { id: SESSION, verified: { sourceAddress: '192.0.2.7' }, claimed: {} },
      decision: { effect: 'permit', rules: ['analysts-read'], policyDigest: 'a'.repeat(64) },
      connection: 'main',
      effectiveDigest: 'e'.repeat(64),
    },
    {
      sql: "SELECT name FROM hospital.patients WHERE id = 'ä\u{1F9EA}'",
      parameters: undefined,
      justification: 'an audit',
    },
  )
  const outcome = write(
    {
      type: 'outcome',
      id: `${CALL}~end`,
      call: CALL,
      request: request.hash,
      session: SESSION,
      outcome: 'released',
      durationMs: 30,
      delivery: {
        status: 200,
        rows: 1,
        morePages: false,
        bytes: BODY.length,
        digest: deliveryDigest(BODY_SALT, BODY),
        rowsDigest: rowsDigest(BODY_SALT, ROWS),
      },
    },
    { error: undefined, body: encodeBase64(BODY), bodySalt: encodeBase64(BODY_SALT) },
  )
  const before = [opened, request, outcome]
  const manifest = write({
    type: 'sealed-batch',
    id: 'batch~0',
    batch: 0,
    from: 0,
    size: 4,
    until: outcome.committed,
    root: encodeBase64(naiveRoot(hashesOf(before))),
    writers: [{ writer, number: 2, stamp: outcome.stamp.hash }],
    missing: [],
    late: [],
    invalid: [],
    archive: [],
  })
  const entries = [...before, manifest]
  const hashes = hashesOf(entries)
  const root = naiveRoot(hashes)
  const text = encodeCheckpoint({ origin: LOG, size: 4, root, extensions: [] })
  const logKey = verifierKey('ed25519', LOG, createPublicKey(keys.log))
  const logP256 = verifierKey('ecdsa-p256', LOG, createPublicKey(keys.logP256))
  const witness = verifierKey(
    'ed25519-cosignature',
    'witness.example/of-the-golden-vectors',
    createPublicKey(keys.witness),
  )
  const signatures = [
    await signNote(logKey, text, by(keys.log)),
    await signNote(logP256, text, (message) => Promise.resolve(signP256(keys.logP256, message))),
    await cosignNote(witness, text, AT + 60_000, by(keys.witness)),
  ]
  const note = encodeNote({ text, signatures }).toString('utf8')
  const receipt = {
    v: 1,
    by: AT + 300_000,
    entry: outcome.id,
    hash: outcome.hash,
    log: LOG,
    writer,
  } as const

  const bundle = (scope: BundleScope): string => {
    const lines: Line[] = entries.flatMap((each, index): readonly Line[] => [
      {
        t: 'entry',
        index,
        entry: each.text,
        stamp: each.stamp.text,
        signature: encodeBase64(each.stamp.signature),
        committed: each.committed,
        ciphertext: each.part && encodeBase64(each.part.ciphertext),
        proof: 'all' in scope ? undefined : naivePath(index, hashes).map(encodeBase64),
      },
      ...(each.part === undefined
        ? []
        : [
            {
              t: 'private',
              id: each.id,
              facts: each.part.facts,
              salt: encodeBase64(each.part.salt),
            } as const,
          ]),
    ])
    const made = AT + 90_000
    return encodeBundle([
      { t: 'sluice-bundle/v1', log: LOG, size: 4, scope, made, private: true },
      { t: 'checkpoint', note },
      ...('all' in scope ? lines : lines.filter((line) => !('index' in line) || line.index < 3)),
    ]).toString('utf8')
  }
  return {
    about:
      'Golden vectors of FORMAT.md, version 1. The keys are seeds (Ed25519) and scalars (P-256): never use them.',
    keys: {
      writer: seed('writer').toString('hex'),
      log: seed('log').toString('hex'),
      witness: seed('witness').toString('hex'),
      logP256: seed('log p256').toString('hex'),
      authority: seed('authority p256').toString('hex'),
    },
    trust: {
      v: 1,
      log: LOG,
      keys: [encodeVerifierKey(logKey), encodeVerifierKey(logP256)],
      writerAuthorities: [{ publicKey: encodeBase64(spki) }],
      witnesses: [encodeVerifierKey(witness)],
      quorum: 1,
    },
    certificate: { text: certificate, hash: stampHash(certificateMessage(certificate)) },
    entries: entries.map((each) => ({
      entry: each.text,
      hash: each.hash,
      label: base32(Buffer.from(each.hash, 'hex')),
      stamp: each.stamp.text,
      stampHash: each.stamp.hash,
      signature: encodeBase64(each.stamp.signature),
      leaf: each.leaf.toString('utf8'),
      leafHash: leafHash(each.leaf).toString('hex'),
    })),
    private: [request, outcome].map(({ id, part }) => ({
      id,
      key: SECRET.id,
      secret: SECRET.secret.toString('hex'),
      facts: part?.facts,
      salt: part?.salt.toString('hex'),
      commitment: part?.part.commitment,
      ciphertext: part?.ciphertext.toString('hex'),
      digest: part?.part.ciphertext,
    })),
    root: Buffer.from(root).toString('hex'),
    checkpoint: note,
    receipt: encodeReceipt(receipt, (message) => sign(null, message, keys.writer)),
    bundles: { everything: bundle({ all: true }), session: bundle({ session: SESSION }) },
    ecdsa,
  }
}

const hashesOf = (all: readonly { readonly leaf: Buffer }[]) =>
  all.map(({ leaf }) => leafHash(leaf))

const by = (key: KeyObject) => (message: Uint8Array) => Promise.resolve(sign(null, message, key))

const base64url = (bytes: Buffer): string => bytes.toString('base64url')

function seed(name: string): Buffer {
  return createHash('sha256').update(`sluice golden ${name}`).digest()
}

function ed25519(name: string): KeyObject {
  // RFC 8410 §7: an OneAsymmetricKey up to the seed.
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
  return createPrivateKey({
    key: Buffer.concat([prefix, seed(name)]),
    format: 'der',
    type: 'pkcs8',
  })
}

function p256(name: string): KeyObject {
  const scalar = seed(`${name} p256`)
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(scalar)
  const point = ecdh.getPublicKey()
  return createPrivateKey({
    key: {
      kty: 'EC',
      crv: 'P-256',
      d: base64url(scalar),
      x: base64url(point.subarray(1, 33)),
      y: base64url(point.subarray(33)),
    },
    format: 'jwk',
  })
}
