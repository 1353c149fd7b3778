import { z } from 'zod'

import type { SecretScope } from '../../recording/private-facts.ts'

/** The secrets of one scope, as they are kept. */
export interface KeptSecrets {
  /** `principalKey` of whose session it is; undefined for a day. */
  readonly owner: string | undefined
  /** Epoch milliseconds: when the first was made. */
  readonly at: number
  /** Wrapped, base64, by generation from 1; null once erased. */
  readonly generations: readonly (string | null)[]
}

const kept = z.strictObject({
  owner: z
    .string()
    .optional()
    .transform((owner) => owner),
  at: z.int(),
  generations: z.array(z.base64().nullable()),
})

/** What is in a register. Throws for anything else. */
export function parseKept(bytes: Buffer): KeptSecrets {
  const { owner, at, generations } = kept.parse(JSON.parse(bytes.toString('utf8')))
  return { owner, at, generations }
}

export function encodeKept(secrets: KeptSecrets): Buffer {
  return Buffer.from(JSON.stringify(secrets))
}

/** The part of a key id before its generation. */
export function scopeName(scope: SecretScope): string {
  return 'day' in scope ? `day-${scope.day}` : scope.session
}

export function keyId(scope: string, generation: number): string {
  return `${scope}.${generation}`
}

/** Scope and generation of a key id; undefined for a text that is none. */
export function parseKeyId(
  id: string,
): { readonly scope: string; readonly generation: number } | undefined {
  const [, scope, generation] = /^([a-z0-9-]{1,64})\.([1-9]\d{0,8})$/.exec(id) ?? []
  return scope === undefined ? undefined : { scope, generation: Number(generation) }
}

/** Key ids of what is not erased. */
export function idsOf(scope: string, { generations }: KeptSecrets): readonly string[] {
  return generations.flatMap((wrapped, index) =>
    wrapped === null ? [] : [keyId(scope, index + 1)],
  )
}
