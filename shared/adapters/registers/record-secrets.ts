import { createHash } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import type { Clock } from '../../kernel/clock.ts'
import type { RecordSecret, RecordSecrets, SecretScope } from '../../recording/private-facts.ts'
import type { WrapKey } from '../../recording/wrap-key.ts'
import { changeRegister } from './change-register.ts'
import {
  type KeptSecrets,
  encodeKept,
  idsOf,
  keyId,
  parseKept,
  parseKeyId,
  scopeName,
} from './kept-secrets.ts'
import type { ListPosition, Registers } from './registers.ts'

const COLLECTION = 'recordSecrets'
const SECRET_BYTES = 32
/** So long an instance goes on with a secret that another one erased. */
const REMEMBERED_MS = 60_000
const MOST_REMEMBERED = 10_000
const PAGE = 100

/**
 * `RecordSecrets` on registers, one for each scope, wrapped. An instance keeps what it unwrapped for at most 60 s: so
 * long after an erasure another one may still read with it what it has just read, and write what nobody will read.
 */
export function registeredSecrets(
  registers: Registers,
  { wrapKey, clock, random }: SecretsOptions,
): RecordSecrets {
  const remembered = new LRUCache<string, Remembered>({ max: MOST_REMEMBERED })

  async function unwrap(id: string, wrapped: string, readAt: number): Promise<RecordSecret> {
    const secret = await wrapKey.unwrap(Buffer.from(wrapped, 'base64'), id)
    const found = { id, secret }
    remembered.set(id, { found, at: readAt })
    return found
  }

  function recall(name: string): RecordSecret | undefined {
    const memory = remembered.get(name)
    const age = memory === undefined ? 0 : clock() - memory.at
    // Fail closed: a clock that goes back must not keep a secret for ever.
    return memory !== undefined && age >= 0 && age < REMEMBERED_MS ? memory.found : undefined
  }

  const secrets = { registers, wrapKey, clock, random }
  return {
    async current(scope) {
      const name = scopeName(scope)
      const known = recall(name)
      if (known !== undefined) return known
      const readAt = clock()
      const { id, wrapped } =
        inUse(name, await read(registers, name)) ?? (await make(secrets, scope))
      const found = await unwrap(id, wrapped, readAt)
      remembered.set(name, { found, at: readAt })
      return found
    },

    async find(id) {
      const known = recall(id)
      const parsed = parseKeyId(id)
      if (known !== undefined || parsed === undefined) return known
      const readAt = clock()
      const kept = await read(registers, parsed.scope)
      const wrapped = kept?.generations[parsed.generation - 1]
      return wrapped === undefined || wrapped === null ? undefined : unwrap(id, wrapped, readAt)
    },

    async list(of) {
      if ('owner' in of) return ofOwner(registers, of.owner)
      const kept = await read(registers, of.session)
      return kept === undefined ? [] : idsOf(of.session, kept)
    },

    async erase(id) {
      const parsed = parseKeyId(id)
      if (parsed === undefined) return
      remembered.delete(id)
      remembered.delete(parsed.scope)
      await changeRegister(registers, at(parsed.scope), (before) => {
        const kept = before && parseKept(before)
        if (kept === undefined || parsed.generation > kept.generations.length)
          return { after: undefined, result: undefined }
        const generations = kept.generations.with(parsed.generation - 1, null)
        // Written also when it is erased already: the store may not have got rid of it then.
        return { ...written({ ...kept, generations }), destroys: true, result: undefined }
      })
    },
  }
}

interface SecretsOptions {
  readonly wrapKey: WrapKey
  readonly clock: Clock
  /** Unpredictable bytes. */
  readonly random: (bytes: number) => Uint8Array
}

/** By id, and of the secret in use also by scope. */
interface Remembered {
  readonly found: RecordSecret
  /** When the register was read. */
  readonly at: number
}

interface Wrapped {
  readonly id: string
  readonly wrapped: string
}

/** Makes the next generation, unless somebody else was faster. */
async function make(
  { registers, wrapKey, clock, random }: SecretsOptions & { readonly registers: Registers },
  scope: SecretScope,
): Promise<Wrapped> {
  const name = scopeName(scope)
  const generation = ((await read(registers, name))?.generations.length ?? 0) + 1
  const id = keyId(name, generation)
  const wrapped = Buffer.from(await wrapKey.wrap(random(SECRET_BYTES), id)).toString('base64')
  return changeRegister<Wrapped>(registers, at(name), (before) => {
    const kept = before && parseKept(before)
    const existing = inUse(name, kept)
    if (existing !== undefined) return { after: undefined, result: existing }
    if ((kept?.generations.length ?? 0) + 1 !== generation)
      throw new Error(`the secrets of \`${name}\` change too fast`)
    const owner = 'owner' in scope ? scope.owner : undefined
    const first = kept ?? { owner, at: clock(), generations: [] }
    const generations = [...first.generations, wrapped]
    return { ...written({ ...first, generations }), result: { id, wrapped } }
  })
}

async function ofOwner(registers: Registers, owner: string): Promise<readonly string[]> {
  const ids: string[] = []
  for (let after: ListPosition | undefined; ;) {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const scopes = await registers.list(COLLECTION, groupOf(owner), PAGE, after)
    // oxlint-disable-next-line no-await-in-loop
    const kept = await Promise.all(scopes.map((scope) => read(registers, scope)))
    ids.push(...scopes.flatMap((scope, index) => (kept[index] ? idsOf(scope, kept[index]) : [])))
    const last = kept.at(-1)
    const key = scopes.at(-1)
    if (scopes.length < PAGE || last === undefined || key === undefined) return ids
    after = { at: last.at, key }
  }
}

/** The secret in use: the newest, unless it is erased. */
function inUse(name: string, kept: KeptSecrets | undefined): Wrapped | undefined {
  const wrapped = kept?.generations.at(-1)
  if (kept === undefined || wrapped === undefined || wrapped === null) return undefined
  return { id: keyId(name, kept.generations.length), wrapped }
}

async function read(registers: Registers, scope: string): Promise<KeptSecrets | undefined> {
  const found = await registers.read(COLLECTION, scope)
  return found && parseKept(found.bytes)
}

function written(kept: KeptSecrets) {
  const isListed = kept.owner !== undefined && kept.generations.some((each) => each !== null)
  const listed =
    isListed && kept.owner !== undefined ? { group: groupOf(kept.owner), at: kept.at } : undefined
  return { after: encodeKept(kept), listed }
}

/** Owners may be long, and hold what no index may. */
function groupOf(owner: string): string {
  return createHash('sha256').update(owner).digest('hex')
}

function at(key: string) {
  return { collection: COLLECTION, key } as const
}
