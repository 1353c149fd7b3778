import { ParseError, type TypeError as CelTypeError } from '@marcbachmann/cel-js'

import { type Result, err, ok } from '../kernel/result.ts'
import {
  conditionEnvironment,
  conditionLimits,
  conditionVariables,
  contextOf,
} from './condition-environment.ts'
import { type ConditionProblem, examine } from './condition-subset.ts'
import { didYouMean } from './nearest.ts'
import type { Facts } from './policy.ts'

/** Throws when it cannot be told for these facts, such as when it asks for a claim that is not there. */
export type Condition = (facts: Facts) => boolean

const environment = conditionEnvironment()

/**
 * Type-checks CEL text and compiles it once for all calls, or says what is wrong with it. `claims`
 * are those that issuers vouch for.
 */
export function compileCondition(
  source: string,
  claims: readonly string[],
): Result<Condition, readonly ConditionProblem[]> {
  const { characters } = conditionLimits
  if (source.length > characters)
    return err([{ offset: 0, message: `a condition has at most ${characters} characters` }])

  const parsed = parse(source)
  if (!parsed.ok) return err([problemOf(parsed.error, source)])
  const program = parsed.value

  const found = [...examine(program.ast, claims)]
  const check = program.check()
  if (check.error !== undefined) {
    const problem = problemOf(check.error, source)
    if (!found.some(({ offset }) => offset === problem.offset)) found.push(problem)
  } else if (check.type !== 'bool') {
    found.push({ offset: 0, message: `a condition is true or false, this is a ${check.type}` })
  }
  if (found.length > 0) return err(found)

  return ok((facts) => {
    const holds: unknown = program(contextOf(facts))
    if (typeof holds === 'boolean') return holds
    throw new TypeError('a condition that was checked to be true or false is neither')
  })
}

type Program = ReturnType<typeof environment.parse>

function parse(source: string): Result<Program, ParseError> {
  try {
    return ok(environment.parse(source))
  } catch (cause) {
    if (cause instanceof ParseError) return err(cause)
    throw cause
  }
}

function problemOf(error: ParseError | CelTypeError, source: string): ConditionProblem {
  const { start, end } = error.range ?? { start: 0, end: 0 }
  return { offset: start, message: explain(error, source.slice(start, end)) }
}

/** The library's words, where they say what to do; ours where they do not. */
function explain(error: ParseError | CelTypeError, found: string): string {
  switch (error.code) {
    case 'unknown_variable':
      return `unknown name \`${found}\`${didYouMean(found, variables)}`
    case 'no_such_key':
      return `unknown field \`${found}\`${didYouMean(found, fields)}`
    case 'limit_exceeded':
      return `the condition is too large or nests too deep: ${plain(error.summary)}`
    case 'unexpected_token':
    case 'expected_token':
      return found === '' ? 'the condition ends too early' : plain(error.summary)
    case 'unexpected_character':
      return found === '=' ? 'to compare, write `==`' : plain(error.summary)
    default:
      return plain(error.summary)
  }
}

const variables = Object.keys(conditionVariables)
const fields = Object.values(conditionVariables).flatMap((variable) => Object.keys(variable))

const plain = (summary: string): string => summary.charAt(0).toLowerCase() + summary.slice(1)
