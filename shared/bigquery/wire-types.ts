import { z } from 'zod'

// The REST API's JSON accepts numbers as strings and strings as numbers, and so do its clients.

const wireInt = z
  .union([z.int(), z.string().regex(/^-?\d{1,15}$/, 'must be a whole number')])
  .transform(Number)

/** A whole number that is not negative. */
export const wireCount = wireInt.refine((value) => value >= 0, 'must not be negative')

/** An int64, kept as BigQuery writes it: a string of digits. */
export const wireInt64 = z
  .union([z.int().transform(String), z.string()])
  .refine((value) => /^\d{1,19}$/.test(value), 'must be a whole number')

/** A boolean, also written as a string; Python writes `True`. */
export const wireBoolean = z
  .union([z.boolean(), z.enum(['true', 'false', 'True', 'False'])])
  .transform((value) => value === true || value === 'true' || value === 'True')

/** A flag Sluice takes only when it is off. */
export const wireOff = (what: string) =>
  wireBoolean.refine((value) => !value, `Sluice does not offer ${what}`)

/** A list, read up to the first element that is wrong: there may be a hundred thousand. */
export const wireList = <T>(element: z.ZodType<T>, most = Infinity) =>
  z
    .array(z.unknown())
    .max(most)
    .transform((items, context): readonly T[] => {
      const values: T[] = []
      for (const [index, item] of items.entries()) {
        const value = readOne(element, item, index, context)
        if (value === undefined) return z.NEVER
        values.push(value.data)
      }
      return values
    })

/** An object with names of the client's choice, read up to the first value that is wrong. */
export const wireRecord = <T>(value: z.ZodType<T>) =>
  z.looseObject({}).transform((members, context): Readonly<Record<string, T>> => {
    const values: [string, T][] = []
    for (const [name, member] of Object.entries(members)) {
      const read = readOne(value, member, name, context)
      if (read === undefined) return z.NEVER
      values.push([name, read.data])
    }
    return Object.fromEntries(values)
  })

function readOne<T>(
  schema: z.ZodType<T>,
  value: unknown,
  key: PropertyKey,
  context: z.RefinementCtx,
): { readonly data: T } | undefined {
  const read = schema.safeParse(value)
  if (read.success) return read
  const [issue] = read.error.issues
  const path = [key, ...(issue?.path ?? [])]
  if (issue?.code === 'unrecognized_keys')
    context.addIssue({ code: issue.code, keys: issue.keys, path })
  else context.addIssue({ code: 'custom', message: issue?.message ?? 'malformed', path })
  return undefined
}

/** `value` without members that are null: in this API they mean the same as absent ones. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([key, member]) => [key, withoutNulls(member)]),
  )
}

/** The first problem with its path, in one line: ``configuration.query.foo: unknown field``. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]
  if (issue === undefined) return 'malformed request'
  if (issue.code === 'unrecognized_keys') {
    return unknownField([...issue.path, issue.keys[0] ?? ''])
  }
  const message = (issue.code === 'invalid_key' ? issue.issues[0] : issue)?.message ?? 'malformed'
  return issue.path.length === 0 ? message : `\`${at(issue.path)}\`: ${message}`
}

/** The refusal of a field that Sluice does not know. */
export const unknownField = (path: readonly PropertyKey[]): string =>
  `unknown or unsupported field \`${at(path)}\``

/** Attacker-controlled: a key may be megabytes long, and the record must hold what is said of it. */
const at = (path: readonly PropertyKey[]): string => path.map(String).join('.').slice(0, 200)
