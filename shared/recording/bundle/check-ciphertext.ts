import { decodeBase64 } from '../../tlog/base64.ts'
import { ciphertextDigest } from '../private-part.ts'
import type { Outline } from './entry-facts.ts'

/** What is wrong with the ciphertext beside an entry: the end of a sentence that begins with the entry. */
export function checkCiphertext(
  text: string | undefined,
  part: Outline['private'],
): string | undefined {
  if (part === undefined)
    return text === undefined ? undefined : 'has private facts beside it that it does not name'
  if (text === undefined) return 'comes without the encrypted facts that it names'
  const ciphertext = decodeBase64(text)
  return ciphertext !== undefined && ciphertextDigest(ciphertext) === part.ciphertext
    ? undefined
    : 'comes with other encrypted facts than it was written with'
}
