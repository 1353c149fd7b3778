import { randomUUID } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'

import { type JWK, exportJWK, generateKeyPair } from 'jose'
import { z } from 'zod'

const JwkSet = z.strictObject({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) })

/** What the local issuer signs with: access tokens with the first, the others on request. */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const

/** Private keys, newest first: the newest of an algorithm signs, all are published. */
export type IssuerKeys = readonly JWK[]

/** The keys of `file`, made on first use; without a file they live as long as the process. */
export async function loadKeys(file: string | undefined): Promise<IssuerKeys> {
  const text = file === undefined ? undefined : readIfThere(file)
  if (text !== undefined) return JwkSet.parse(JSON.parse(text)).keys
  return saveKeys(file, await newKeys())
}

/** New keys in front; `keep` says whether the old ones stay published. */
export async function rotateKeys(
  file: string | undefined,
  keys: IssuerKeys,
  keep: boolean,
): Promise<IssuerKeys> {
  return saveKeys(file, [...(await newKeys()), ...(keep ? keys : [])])
}

function newKeys(): Promise<IssuerKeys> {
  return Promise.all(
    ALGORITHMS.map(async (alg) => {
      const { privateKey } = await generateKeyPair(alg, { extractable: true })
      const kid = `${alg.toLowerCase()}-${randomUUID().slice(0, 8)}`
      return { ...(await exportJWK(privateKey)), alg, use: 'sig', kid }
    }),
  )
}

function saveKeys(file: string | undefined, keys: IssuerKeys): IssuerKeys {
  if (file !== undefined) {
    const temporary = `${file}.${randomUUID()}`
    writeFileSync(temporary, JSON.stringify({ keys }), { mode: 0o600, flag: 'wx' })
    renameSync(temporary, file)
  }
  return keys
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw cause
  }
}
