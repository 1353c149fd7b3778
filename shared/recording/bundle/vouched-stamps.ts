import type { KeyObject } from 'node:crypto'

import { verifyEd25519 } from '../../tlog/ed25519.ts'
import { signatureInvalid } from './check-signature.ts'
import type { CheckedEntry, CheckedLine } from './checked-line.ts'

/**
 * The same lines, with one signature verified in every run of numbers of a writer, that of the last: each stamp names
 * the one before it by hash, so that whoever signed the last has signed them all.
 */
export function withVouchedStamps(
  lines: readonly CheckedLine[],
  keyOf: (writer: string) => KeyObject | undefined,
): readonly CheckedLine[] {
  const judged = new Map<CheckedEntry, CheckedEntry>()
  for (const [writer, entries] of byWriter(lines)) {
    const key = keyOf(writer)
    if (key === undefined) continue
    // What is known to be of the writer, and names the stamp before it.
    let vouching: CheckedEntry | undefined
    for (const entry of entries.toSorted((a, b) => b.stamp.number - a.stamp.number)) {
      const isVouched =
        vouching?.stamp.number === entry.stamp.number + 1 &&
        vouching.stamp.previous === entry.stamp.hash
      const { unverified } = entry.stamp
      const isSigned =
        isVouched ||
        unverified === undefined ||
        verifyEd25519(key, unverified.message, unverified.signature)
      vouching = isSigned ? entry : undefined
      judged.set(entry, {
        ...entry,
        stamp: { ...entry.stamp, unverified: undefined, isVouched },
        problems: isSigned ? entry.problems : [...entry.problems, signatureInvalid(entry)],
      })
    }
  }
  return lines.map((line) => (line.is === 'entry' ? (judged.get(line) ?? line) : line))
}

/** The entries whose signature is still to be verified. */
function byWriter(lines: readonly CheckedLine[]): ReadonlyMap<string, readonly CheckedEntry[]> {
  const writers = new Map<string, CheckedEntry[]>()
  for (const line of lines) {
    if (line.is !== 'entry' || line.stamp.unverified === undefined) continue
    const of = writers.get(line.stamp.writer)
    if (of === undefined) writers.set(line.stamp.writer, [line])
    else of.push(line)
  }
  return writers
}
