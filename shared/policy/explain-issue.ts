import { z } from 'zod'

import { didYouMean } from './nearest.ts'
import type { Path } from './policy-problem.ts'

/** One thing the schema objects to: a value, a missing value, or a key nobody knows. */
export interface SchemaProblem {
  readonly path: Path
  readonly message: string
  /** It is the key at the end of `path` that must not be there. */
  readonly isKey: boolean
}

/** Words for what Zod finds. For unknown keys it is the list of those that are known: see `explain`. */
export const wording: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${nouns[issue.expected] ?? issue.expected}, found ${kindOf(issue.input)}`
    case 'invalid_value':
      return `must be ${choice(issue.values)}${guess(issue.input, issue.values)}`
    case 'unrecognized_keys':
      return issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape).join(' ') : ''
    case 'too_small':
      return issue.origin === 'array' ? 'must have at least one entry' : 'must not be empty'
    case 'too_big':
      return `must have at most ${issue.maximum} characters`
    case 'invalid_key':
      return issue.issues[0]?.message
    case 'invalid_union':
    case 'invalid_format':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'custom':
      // The schema has words of its own for these.
      return undefined
  }
}

/** What one issue means; of alternatives, what is wrong with the one that was clearly meant. */
export function explain(issue: z.core.$ZodIssue, around: Path = []): readonly SchemaProblem[] {
  const path = [...around, ...issue.path.map(stepOf)]
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split(' ')
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: unknownKey(key, known),
      isKey: true,
    }))
  }
  if (issue.code === 'invalid_union') {
    const [meant, next] = issue.errors
      .filter((branch) => branch.every(({ code, path: at }) => at.length > 0 || isAboutKeys(code)))
      .toSorted((a, b) => a.length - b.length)
    if (meant !== undefined && meant.length !== next?.length)
      return meant.flatMap((nested) => explain(nested, path))
  }
  return [{ path, message: issue.message, isKey: issue.code === 'invalid_key' }]
}

const isAboutKeys = (code: string): boolean => code === 'unrecognized_keys'

const stepOf = (step: PropertyKey): string | number =>
  typeof step === 'symbol' ? step.toString() : step

function unknownKey(key: string, known: readonly string[]): string {
  const hint = didYouMean(key, known)
  const list = known.map((name) => `\`${name}\``).join(', ')
  return `unknown key \`${key}\`${hint === '' ? `, known here are ${list}` : hint}`
}

const nouns: Readonly<Record<string, string>> = {
  object: 'keys and values',
  record: 'keys and values',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return 'text'
  if (typeof value === 'number') return 'a number (quote it to make it text)'
  if (typeof value === 'boolean') return 'true or false (quote it to make it text)'
  return 'keys and values'
}

function choice(values: readonly unknown[]): string {
  const names = values.map((value) => `\`${String(value)}\``)
  return names.length > 1 ? `one of ${names.join(', ')}` : (names[0] ?? '')
}

function guess(input: unknown, values: readonly unknown[]): string {
  const names = values.filter((value) => typeof value === 'string')
  return typeof input === 'string' ? didYouMean(input, names) : ''
}
