import type { Method } from '../bigquery/call.ts'
import { type FieldMask, parseFieldMask } from '../bigquery/field-mask.ts'
import { commonParameters, methods } from '../bigquery/methods.ts'
import { type Result, err, ok } from '../kernel/result.ts'

/** The query parameters of a request, read strictly against the method's own list. */
export interface Parameters {
  readonly fields: FieldMask | 'all'
  text(name: string): string | undefined
  /** Undefined when absent or empty: Go sends `pageToken=`. */
  count(name: string): number | undefined
  flag(name: string): boolean | undefined
  all(name: string): readonly string[]
}

const MAX_COUNT = 2 ** 31 - 1
const MAX_PARAMETERS = 1_000

/**
 * Reads query parameters. One that the method does not have, comes twice, or has a value of another
 * kind is refused: what is ignored here might mean something further on. So are more than 1,000.
 */
export function readParameters(
  method: Method,
  search: URLSearchParams,
): Result<Parameters, string> {
  const description = methods.find((candidate) => candidate.method === method)
  const kinds = { ...commonParameters, ...description?.parameters }
  const values = new Map<string, string[]>()
  if (search.size > MAX_PARAMETERS) return err(`more than ${MAX_PARAMETERS} parameters`)
  for (const [name, value] of search) {
    // Own members only: `constructor` is not a parameter.
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined
    if (kind === undefined) return err(`unknown or unsupported parameter \`${name.slice(0, 100)}\``)
    const before = values.get(name)
    if (before !== undefined && kind !== 'repeated') return err(`parameter \`${name}\` comes twice`)
    if (kind === 'integer' && !isCount(value))
      return err(`parameter \`${name}\` must be a whole number, not negative`)
    if (kind === 'boolean' && !/^(true|false|1|0)?$/i.test(value))
      return err(`parameter \`${name}\` must be true or false`)
    if (before === undefined) values.set(name, [value])
    else before.push(value)
  }
  const text = (name: string) => {
    const value = values.get(name)?.[0]
    return value === '' ? undefined : value
  }
  if ((text('alt') ?? 'json') !== 'json') return err('parameter `alt` must be json')
  const mask = text('fields')
  const fields = mask === undefined ? ok('all' as const) : parseFieldMask(mask)
  if (!fields.ok) return fields
  return ok({
    fields: fields.value,
    text,
    count: (name) => {
      const value = text(name)
      return value === undefined ? undefined : Number(value)
    },
    flag: (name) => {
      const value = text(name)
      return value === undefined ? undefined : /^(true|1)$/i.test(value)
    },
    all: (name) => values.get(name) ?? [],
  })
}

function isCount(value: string): boolean {
  return value === '' || (/^\d{1,10}$/.test(value) && Number(value) <= MAX_COUNT)
}
