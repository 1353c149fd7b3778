import type { RawEntry } from '../entry-store.ts'
import {
  type Members,
  canonicalMembers,
  countIn,
  membersOf,
  readMembers,
  textIn,
} from '../log/members.ts'
import type { RecordSecrets } from '../private-facts.ts'
import { type OpenedPart, openPart } from '../private-part.ts'

/**
 * The private facts beside an entry; undefined when there are none, their secret was erased, or they are not what the
 * entry commits to. Rejects when secrets cannot be had.
 */
export async function openedFacts(
  secrets: Pick<RecordSecrets, 'find'>,
  { id, bytes, ciphertext }: Pick<RawEntry, 'id' | 'bytes' | 'ciphertext'>,
): Promise<OpenedPart | undefined> {
  if (ciphertext === undefined) return undefined
  const part = readMembers(membersOf(canonicalMembers(bytes)?.get('private')), partIn)
  const found = part && (await secrets.find(part.key))
  return found && openPart(id, { part, ciphertext }, found.secret)
}

function partIn(members: Members) {
  return {
    ciphertext: textIn(members, 'ciphertext'),
    commitment: textIn(members, 'commitment'),
    key: textIn(members, 'key'),
    length: countIn(members, 'length'),
  }
}
