import { z } from 'zod'

import { parseGrantId } from '../../approval/grant-id.ts'
import type { GrantId } from '../../approval/grant.ts'

/** What a button says of the grant it belongs to: which, and what of it was shown. */
export interface ButtonValue {
  readonly grant: GrantId
  /** `Grant.digest`. */
  readonly digest: string
}

const schema = z.strictObject({ grant: z.string(), digest: z.string().regex(/^[0-9a-f]{64}$/) })

export function encodeButtonValue({ grant, digest }: ButtonValue): string {
  return JSON.stringify({ grant, digest })
}

/**
 * Reads the value of a button. Undefined for anything else; what it names need not exist, and nothing but the
 * names is believed.
 */
export function parseButtonValue(text: string): ButtonValue | undefined {
  const parsed = schema.safeParse(parseJson(text))
  const grant = parsed.success ? parseGrantId(parsed.data.grant) : undefined
  return parsed.success && grant !== undefined ? { grant, digest: parsed.data.digest } : undefined
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
