import { leafHash } from '../../tlog/hash.ts'
import { entryHash } from '../encode-entry.ts'
import { encodeLeaf } from '../leaf.ts'
import { parseStamp } from '../parse-stamp.ts'
import type { EntryLine, UnsealedLine } from './bundle-line.ts'
import { parseCanonical } from './canonical.ts'
import { readCertificate } from './certificate.ts'
import { checkCiphertext } from './check-ciphertext.ts'
import { checkProof } from './check-proof.ts'
import { checkSignature, signatureInvalid } from './check-signature.ts'
import type { CertifiedWriter, CheckedEntry, NotChecked } from './checked-line.ts'
import { type Outline, factsOf, isOutline } from './entry-facts.ts'
import { isOwnId } from './entry-id.ts'
import type { LineContext } from './line-context.ts'
import { type Problem, broken, entryAt } from './problem.ts'

/** An entry, and its outline for what comes after it. FORMAT.md §9. */
export interface EntryFound {
  readonly checked: CheckedEntry | NotChecked
  readonly outline: Outline | undefined
}

/** Finds everything that does not hold of an entry by itself. */
export function checkEntry(
  line: EntryLine | UnsealedLine,
  number: number,
  context: LineContext,
): EntryFound {
  const index = line.t === 'entry' ? line.index : undefined
  const entry = parseCanonical(line.entry)
  const stamp = parseStamp(line.stamp)
  const place = { id: isOutline(entry) ? entry.id : stamp?.entry, index }
  const subject = entryAt(place)
  if (!isOutline(entry) || stamp === undefined) {
    const [kind, words] = isOutline(entry)
      ? ['stamp-malformed', `the stamp of ${subject} is not the canonical JSON of one`]
      : ['entry-malformed', `${subject} is not the canonical JSON of an entry`]
    const problems = [broken(kind, place, words)]
    return { checked: { is: 'unreadable', line: number, index, problems }, outline: undefined }
  }
  const problems: Problem[] = []
  const say = (kind: string, words: string) => {
    problems.push(broken(kind, place, `${subject} ${words}`))
  }
  const { id, type, at } = entry
  const hash = entryHash(Buffer.from(line.entry))
  if (stamp.hash !== hash)
    say(
      'entry-changed',
      'was changed after it was written: its hash is not the one its writer signed',
    )
  if (stamp.entry !== id) say('stamp-of-another-entry', 'has the stamp of another entry')
  if (stamp.log !== context.log) say('entry-of-another-log', 'was written for another log')
  const signed = checkSignature(stamp, line.signature, context)
  if (signed.isForged) problems.push(signatureInvalid(place))
  const facts = factsOf(type, entry)
  if (facts === undefined) say('entry-malformed', 'lacks what an entry of its type has')
  else if (!isOwnId(type, id, facts))
    say('id-wrong', 'has the id of another kind of entry, or of something else')
  const ciphertext = checkCiphertext(line.ciphertext, entry.private)
  if (ciphertext !== undefined) say('ciphertext-wrong', ciphertext)
  let writer: CertifiedWriter | undefined
  if (facts?.type === 'writer-opened') {
    const read = readCertificate(facts, context)
    if (read.ok) writer = read.value
    else say(read.error.problem, read.error.words)
    if (stamp.number !== 0 || stamp.writer !== facts.writer)
      say('writer-opened-late', 'opens a writer, and is not its first entry')
  }
  const leaf = leafHash(
    encodeLeaf({
      t: 'sluice-leaf/v1',
      c: line.committed,
      e: hash,
      i: id,
      k: type,
      n: stamp.number,
      p: entry.private?.ciphertext,
      s: signed.stamp.hash,
      w: stamp.writer,
    }),
  )
  const unproved = line.t === 'entry' ? checkProof(line, leaf, place, context) : undefined
  if (unproved !== undefined) problems.push(unproved)
  const checked: CheckedEntry = {
    is: 'entry',
    line: number,
    id,
    type,
    index,
    leafHash: index === undefined ? undefined : leaf,
    at,
    committed: line.committed,
    hash,
    stamp: signed.stamp,
    hasPrivate: entry.private !== undefined,
    facts: facts ?? { type: 'other' },
    writer,
    problems,
  }
  return { checked, outline: entry }
}
