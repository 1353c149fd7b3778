import type { KeyObject } from 'node:crypto'

import { decodeBase64 } from '../../tlog/base64.ts'
import { ed25519PublicKey, verifyEd25519 } from '../../tlog/ed25519.ts'
import { signatureInvalid } from './check-signature.ts'
import type { CertifiedWriter, CheckedEntry } from './checked-line.ts'
import { type Report, broken, entryAt, quoted } from './problem.ts'

/** How many entries wait for the certificate of their writer at most: they come after it but for a few. */
const MOST_WAITING = 100_000

/** Who signed, and whether they might: what the lines say together. */
export interface Signatures {
  add(entry: CheckedEntry): void
  /** The certificate of a writer that was met. */
  readonly writer: (id: string) => CertifiedWriter | undefined
  finish(): void
}

/** Verifies the stamps that came before the certificate of their writer, and that all came in its time. */
export function signatures(report: Report): Signatures {
  const known = new Map<string, { readonly writer: CertifiedWriter; readonly key: KeyObject }>()
  const waiting = new Map<string, CheckedEntry[]>()
  let waits = 0

  const judge = (entry: CheckedEntry): void => {
    const { stamp, committed } = entry
    const found = known.get(stamp.writer)
    if (found === undefined) return
    const { writer, key } = found
    const { unverified } = stamp
    if (unverified !== undefined && !verifyEd25519(key, unverified.message, unverified.signature))
      report(signatureInvalid(entry))
    if (committed < writer.from * 1000 || committed > writer.until * 1000)
      report(
        broken(
          'certificate-expired',
          entry,
          `${entryAt(entry)} was written at a time for which nobody vouches for its writer`,
        ),
      )
    if (stamp.number === 0 && stamp.previous !== writer.hash)
      report(
        broken(
          'chain-broken',
          entry,
          `${entryAt(entry)} does not follow from the certificate of its writer`,
        ),
      )
  }
  const unvouched = (writer: string, [first, ...more]: readonly CheckedEntry[]): void => {
    if (first === undefined) return
    const others = more.length === 0 ? '' : `, nor that of ${more.length} further entries`
    report(
      broken(
        'certificate-missing',
        first,
        `nobody can tell who signed ${entryAt(first)}${others}: no good certificate of writer ${quoted(writer)} is in the bundle`,
      ),
    )
  }
  return {
    add(entry) {
      const { writer } = entry
      const key = writer && keyOf(writer)
      if (writer !== undefined && key !== undefined) {
        known.set(writer.id, { writer, key })
        for (const each of waiting.get(writer.id) ?? []) judge(each)
        waits -= waiting.get(writer.id)?.length ?? 0
        waiting.delete(writer.id)
      }
      const { writer: id } = entry.stamp
      if (known.has(id)) return judge(entry)
      if (waits >= MOST_WAITING) return unvouched(id, [entry])
      waiting.set(id, [...(waiting.get(id) ?? []), entry])
      waits += 1
    },
    writer: (id) => known.get(id)?.writer,
    finish() {
      for (const [writer, entries] of waiting) unvouched(writer, entries)
    },
  }
}

function keyOf({ publicKey }: CertifiedWriter): KeyObject | undefined {
  const raw = decodeBase64(publicKey)
  return raw && ed25519PublicKey(raw)
}
