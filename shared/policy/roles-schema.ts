import { z } from 'zod'

import { type Role, roleNames } from './policy.ts'

const role = z.enum(roleNames)

/** `roles`. Parses to a map by group. */
export const rolesSchema = z
  .record(
    z.string().min(1),
    z
      .union([role, z.array(role).min(1)], `expected ${roleNames.join(', ')}, or a list of them`)
      .transform((written): readonly Role[] => (typeof written === 'string' ? [written] : written)),
  )
  .prefault({})
  .transform((written): ReadonlyMap<string, readonly Role[]> => new Map(Object.entries(written)))
