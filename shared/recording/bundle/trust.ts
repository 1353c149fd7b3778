import { createHash } from 'node:crypto'

import { type Result, err, ok } from '../../kernel/result.ts'
import { decodeBase64 } from '../../tlog/base64.ts'
import { p256PublicKey } from '../../tlog/ecdsa-p256.ts'
import { isKeyName } from '../../tlog/key-name.ts'
import type { LogTrust } from '../../tlog/open-checkpoint.ts'
import { parseVerifierKey } from '../../tlog/verifier-key-text.ts'
import { type VerifierKey, isOfType } from '../../tlog/verifier-key.ts'
import { count, integer, list, maybe, members, one, only, text } from './shapes.ts'

/** What a verifier knows from elsewhere, and believes. FORMAT.md §8. */
export interface Trust extends LogTrust {
  /** How many of the witnesses have to cosign. */
  readonly quorum: number
  readonly authorities: readonly TrustedAuthority[]
}

/** Who vouches for writers: plain data, so that it can be handed to another thread. */
export interface TrustedAuthority {
  /** SHA-256, hex, of `publicKey`. */
  readonly id: string
  /** SubjectPublicKeyInfo of a P-256 key, base64. */
  readonly publicKey: string
  /** Epoch milliseconds between which its certificates begin; undefined for no bound. */
  readonly from: number | undefined
  readonly until: number | undefined
}

/** The trust a file states, or everything that is wrong with it, in words that say what to change. */
export function parseTrust(file: string): Result<Trust, readonly string[]> {
  const value = parseJson(file)
  if (value === undefined) return err(['the trust file is not JSON'])
  if (!members({ v: one })(value)) return err(['`v` has to be 1'])
  if (!isTrust(value)) return err(shapeProblems(value))
  const problems: string[] = []
  const keyOf = (key: string, where: string): VerifierKey | undefined => {
    const parsed = parseVerifierKey(key)
    if (!parsed.ok)
      problems.push(`${where} is no verifier key (${KEY_WORDS[parsed.error.problem]})`)
    return parsed.ok ? parsed.value : undefined
  }
  if (!isKeyName(value.log))
    problems.push('`log` is no origin: a name without spaces and plus signs')
  if (value.keys.length === 0) problems.push('`keys` is empty: nobody could have signed the log')
  const keys = value.keys.flatMap((each, index) => {
    const key = keyOf(each, `\`keys[${index}]\``)
    if (key?.type === 'ed25519-cosignature')
      problems.push(`\`keys[${index}]\` is the key of a witness: it belongs in \`witnesses\``)
    if (key !== undefined && key.name !== value.log)
      problems.push(`\`keys[${index}]\` is of \`${key.name}\`, not of the log \`${value.log}\``)
    return key ?? []
  })
  const witnesses = value.witnesses.flatMap((each, index) => {
    const key = keyOf(each, `\`witnesses[${index}]\``)
    if (key === undefined || isOfType('ed25519-cosignature', key)) return key ?? []
    problems.push(`\`witnesses[${index}]\` is no key of a witness: its type has to be 4`)
    return []
  })
  if (value.quorum > new Set(value.witnesses).size)
    problems.push(`\`quorum\` asks for ${value.quorum} witnesses, and \`witnesses\` has fewer`)
  if (value.writerAuthorities.length === 0)
    problems.push('`writerAuthorities` is empty: nobody could have vouched for a writer')
  const authorities = value.writerAuthorities.flatMap(({ publicKey, from, until }, index) => {
    const spki = decodeBase64(publicKey)
    if (spki === undefined || p256PublicKey(spki) === undefined) {
      problems.push(
        `\`writerAuthorities[${index}].publicKey\` is no P-256 SubjectPublicKeyInfo in base64`,
      )
      return []
    }
    return { id: createHash('sha256').update(spki).digest('hex'), publicKey, from, until }
  })
  if (problems.length > 0) return err(problems)
  return ok({ origin: value.log, keys, witnesses, quorum: value.quorum, authorities })
}

const authority = only({ publicKey: text, from: maybe(integer), until: maybe(integer) })

const SHAPES = {
  v: one,
  log: text,
  keys: list(text),
  writerAuthorities: list(authority),
  witnesses: list(text),
  quorum: count,
}
const isTrust = only(SHAPES)

const WANTED: Readonly<Record<keyof typeof SHAPES, string>> = {
  v: '1',
  log: "a text, the log's origin",
  keys: 'a list of verifier keys',
  writerAuthorities: 'a list of `{"publicKey": …, "from": …, "until": …}`',
  witnesses: 'a list of verifier keys, which may be empty',
  quorum: 'a whole number from 0',
}

const KEY_WORDS = {
  'vkey-malformed': 'it is not written as `name+key id+base64`',
  'vkey-type': 'its type is not verified here',
  'vkey-public-key': 'its public key cannot be relied on',
  'vkey-key-id': 'the key id is not that of the key',
} as const

function shapeProblems(value: object): readonly string[] {
  const unknown = Object.keys(value).filter((name) => !Object.hasOwn(SHAPES, name))
  return [
    ...unknown.map((name) => `\`${name}\` is unknown here`),
    ...Object.entries(SHAPES)
      .filter(([name, shape]) => !members({ [name]: shape })(value))
      .map(([name]) => `\`${name}\` has to be ${Reflect.get(WANTED, name)}`),
  ]
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(file)
  } catch {
    return undefined
  }
}
