import { createHash, createPublicKey, verify } from 'node:crypto'

/**
 * A second implementation of what FORMAT.md says of bundles, written from that page and importing nothing of ours:
 * hashes, stamps, certificates, leaves, root or proofs, private facts and the note. It is strict about values, not
 * about form.
 */
export function readBundle(
  bundle: string,
  trustFile: string,
): { readonly problems: readonly string[]; readonly entries: readonly string[] } {
  const problems: string[] = []
  const expect = (holds: boolean, what: string): void => {
    if (!holds) problems.push(what)
  }
  const trust = JSON.parse(trustFile)
  const texts = bundle.split('\n').slice(0, -1)
  const lines = texts.map((text) => JSON.parse(text))
  const [head, checkpoint] = lines
  const end = lines.at(-1)

  // §7: the last line.
  const before = texts
    .slice(0, -1)
    .map((text) => `${text}\n`)
    .join('')
  expect(
    end.t === 'end' && end.lines === texts.length - 1 && end.sha256 === hex(sha(before)),
    'end',
  )

  // §5 and C2SP signed-note: three lines, an empty one, signatures.
  const [text, signed] = checkpoint.note.split('\n\n')
  const [origin, size, rootText] = text.split('\n')
  const rows: string[][] = signed
    .trimEnd()
    .split('\n')
    .map((row: string) => row.split(' '))
  const kinds = new Set(
    rows.map(([, name, base64 = '']) => {
      const bytes = Buffer.from(base64, 'base64')
      const found = [...trust.keys, ...trust.witnesses].find((each: string) =>
        each.startsWith(`${name}+${bytes.toString('hex', 0, 4)}+`),
      )
      if (found === undefined) return 'unknown'
      const key = Buffer.from(found.slice(found.indexOf('+', name?.length) + 10), 'base64')
      return noteSignature(key, `${text}\n`, bytes.subarray(4))
    }),
  )
  expect(kinds.has('log') && kinds.has('witness') && !kinds.has('wrong'), 'note')
  expect(origin === trust.log && origin === head.log && Number(size) === head.size, 'note')
  const root = Buffer.from(rootText, 'base64')

  const writers = new Map<string, { key: Buffer; previous: string; number: number }>()
  const leaves: Buffer[] = []
  const entries: string[] = []
  let latest = { id: '', commitment: '', digest: '', rowsDigest: '' }
  for (const line of lines) {
    const at = `entry ${entries.length}`
    if (line.t === 'private') {
      const facts = Buffer.from(line.facts)
      const salted = Buffer.concat([
        Buffer.from('sluice-private/v1\n'),
        Buffer.from(line.salt, 'base64'),
        facts,
      ])
      expect(
        line.id === latest.id && hex(sha(salted)) === latest.commitment,
        `entry ${entries.length - 1}: commitment`,
      )
      const { body, bodySalt } = JSON.parse(line.facts)
      if (body !== undefined) {
        const left = [
          'sluice-delivery/v1\n',
          Buffer.from(bodySalt, 'base64'),
          Buffer.from(body, 'base64'),
        ]
        expect(
          hex(sha(Buffer.concat(left.map((part) => Buffer.from(part))))) === latest.digest,
          'delivery',
        )
        const rowsText =
          /^\{"rows":(.*)\}$/s.exec(Buffer.from(body, 'base64').toString('utf8'))?.[1] ?? ''
        const saltedRows = ['sluice-rows/v1\n', Buffer.from(bodySalt, 'base64'), rowsText]
        expect(
          hex(sha(Buffer.concat(saltedRows.map((part) => Buffer.from(part))))) ===
            latest.rowsDigest,
          'rows',
        )
      }
    }
    if (line.t !== 'entry') continue
    // §2: canonical, and hashed under its own type.
    const entry = JSON.parse(line.entry)
    expect(canonical(entry) === line.entry && entry.v === 1, `${at}: canonical`)
    const hash = hex(sha(pae('entry', line.entry)))
    // §4: the certificate, the stamp, its signature, its place in the chain.
    if (entry.type === 'writer-opened') {
      const { publicKey, writer, from, until } = JSON.parse(entry.certificate)
      const spki = Buffer.from(trust.writerAuthorities[0].publicKey, 'base64')
      const key = Buffer.from(publicKey, 'base64')
      expect(
        entry.authority === hex(sha(spki)) &&
          p256(
            spki,
            pae('writer-certificate', entry.certificate),
            Buffer.from(entry.signature, 'base64'),
          ),
        `${at}: certificate`,
      )
      expect(writer === base32(sha(key).subarray(0, 16)), `${at}: writer`)
      expect(from * 1000 <= line.committed && line.committed <= until * 1000, `${at}: time`)
      writers.set(writer, {
        key,
        previous: hex(sha(pae('writer-certificate', entry.certificate))),
        number: 0,
      })
    }
    const stamp = JSON.parse(line.stamp)
    const message = pae('stamp', line.stamp)
    const writer = writers.get(stamp.writer)
    expect(stamp.hash === hash && stamp.entry === entry.id && stamp.log === head.log, `${at}: hash`)
    expect(
      writer !== undefined && ed25519(writer.key, message, Buffer.from(line.signature, 'base64')),
      `${at}: signature`,
    )
    expect(stamp.number === writer?.number && stamp.previous === writer?.previous, `${at}: chain`)
    if (writer !== undefined) {
      writer.previous = hex(sha(message))
      writer.number += 1
    }
    // §3: the ciphertext is the one that the entry names.
    const ciphertext =
      line.ciphertext === undefined ? undefined : hex(sha(Buffer.from(line.ciphertext, 'base64')))
    expect(ciphertext === entry.private?.ciphertext, `${at}: ciphertext`)
    const { digest, rowsDigest } = entry.delivery ?? {}
    latest = { id: entry.id, commitment: entry.private?.commitment, digest, rowsDigest }
    // §5: its leaf.
    const leaf = canonical({
      c: line.committed,
      e: hash,
      i: entry.id,
      k: entry.type,
      n: stamp.number,
      ...(ciphertext !== undefined && { p: ciphertext }),
      s: hex(sha(message)),
      t: 'sluice-leaf/v1',
      w: stamp.writer,
    })
    const node = sha(Buffer.concat([Buffer.of(0), Buffer.from(leaf)]))
    leaves.push(node)
    if (line.proof !== undefined)
      expect(included(node, line.index, head.size, line.proof).equals(root), `${at}: proof`)
    entries.push(hash)
  }
  if (head.scope.all === true)
    expect(leaves.length === head.size && treeOver(leaves).equals(root), 'root')
  return { problems, entries }
}

const sha = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest()
const hex = (bytes: Buffer): string => bytes.toString('hex')

/** §1: DSSE's pre-authentication encoding. */
function pae(kind: string, text: string): Buffer {
  const type = `application/vnd.sluice.${kind}.v1+json`
  return Buffer.from(`DSSEv1 ${type.length} ${type} ${Buffer.byteLength(text)} ${text}`)
}

/** §1: RFC 8785 of what has no floats. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`
}

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => 'abcdefghijklmnopqrstuvwxyz234567'[parseInt(five.padEnd(5, '0'), 2)])
    .join('')
}

/** RFC 6962 §2.1. */
function treeOver(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves
  if (leaves.length === 1 && only !== undefined) return only
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return node(treeOver(leaves.slice(0, k)), treeOver(leaves.slice(k)))
}

const node = (left: Buffer, right: Buffer): Buffer =>
  sha(Buffer.concat([Buffer.of(1), left, right]))

/** The root that a proof leads to. RFC 9162 §2.1.3.2, read from the top: RFC 6962 §2.1.1. */
function included(leaf: Buffer, index: number, size: number, proof: readonly string[]): Buffer {
  if (size === 1) return leaf
  let k = 1
  while (k * 2 < size) k *= 2
  const sibling = Buffer.from(proof.at(-1) ?? '', 'base64')
  const rest = proof.slice(0, -1)
  return index < k
    ? node(included(leaf, index, k, rest), sibling)
    : node(sibling, included(leaf, index - k, size - k, rest))
}

/** Who signed, by the type in front of the key. */
function noteSignature(
  typed: Buffer,
  text: string,
  signature: Buffer,
): 'log' | 'witness' | 'wrong' {
  const key = typed.subarray(1)
  if (typed[0] === 1) return ed25519(key, Buffer.from(text), signature) ? 'log' : 'wrong'
  if (typed[0] === 2) return p256(key, Buffer.from(text), signature) ? 'log' : 'wrong'
  const time = signature.readBigUInt64BE(0)
  const message = Buffer.from(`cosignature/v1\ntime ${time}\n${text}`)
  return ed25519(key, message, signature.subarray(8)) ? 'witness' : 'wrong'
}

function ed25519(key: Buffer, message: Buffer, signature: Buffer): boolean {
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key])
  return verify(
    null,
    message,
    createPublicKey({ key: der, format: 'der', type: 'spki' }),
    signature,
  )
}

function p256(spki: Buffer, message: Buffer, signature: Buffer): boolean {
  return verify(
    'sha256',
    message,
    createPublicKey({ key: spki, format: 'der', type: 'spki' }),
    signature,
  )
}
