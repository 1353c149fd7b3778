import { createHash, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'

import { parse } from 'yaml'
import { z } from 'zod'

const Identity = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  kind: z.enum(['person', 'machine']),
  secret: z.string().min(1),
  groups: z.array(z.string().min(1)).readonly().default([]),
  email: z.email().optional(),
  /** What else its tokens say; of these a machine may ask for other values when it asks for a token. */
  claims: z.record(z.string().regex(/^[a-z_]+$/), z.string()).default({}),
})

const File = z.strictObject({ identities: z.array(Identity).min(1).readonly() })

/** A person or a machine of the local issuer; `id` becomes `sub`. */
export type Identity = Readonly<z.output<typeof Identity>>

/** Reads an identities file (YAML). Throws with the path of what is wrong in it. */
export function readIdentities(file: string): readonly Identity[] {
  const parsed = File.safeParse(parse(readFileSync(file, 'utf8')))
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`)
  const ids = parsed.data.identities.map((identity) => identity.id)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) throw new Error(`${file}: two identities are named \`${twice}\``)
  return parsed.data.identities
}

/** The person with this id, if the secret is theirs. */
export function personWith(
  identities: readonly Identity[],
  id: string | undefined,
  secret: string | undefined,
): Identity | undefined {
  const person = identities.find((one) => one.id === id && one.kind === 'person')
  if (person === undefined || secret === undefined) return undefined
  return timingSafeEqual(sha256(person.secret), sha256(secret)) ? person : undefined
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()
