import { ParseError, type TypeError as CelTypeError, serialize } from '@marcbachmann/cel-js'

import { type Result, err, ok } from '../kernel/result.ts'
import {
  conditionEnvironment,
  conditionLimits,
  conditionVariables,
  contextOf,
} from './condition-environment.ts'
import { type ConditionProblem, type Known, examine } from './condition-subset.ts'
import { widenGlobs } from './glob-polarity.ts'
import { didYouMean } from './nearest.ts'
import type { Rule } from './policy.ts'

/** A condition of a rule, and the fields of `query` that it mentions. */
export type Condition = Pick<Rule, 'when' | 'mentions'>

const environment = conditionEnvironment()

/**
 * Type-checks CEL text and compiles it once for all calls, or says what is wrong with it. Of names that
 * differ in case only, `glob` sees one where that makes the rule stricter: see `widenGlobs`.
 */
export function compileCondition(
  source: string,
  known: Known,
  effect: Rule['effect'] = 'permit',
): Result<Condition, readonly ConditionProblem[]> {
  const { characters } = conditionLimits
  if (source.length > characters)
    return err([{ offset: 0, message: `a condition has at most ${characters} characters` }])

  const parsed = parse(source)
  if (!parsed.ok) return err([problemOf(parsed.error, source)])
  const program = parsed.value

  const { problems, mentions } = examine(program.ast, known)
  const found = [...problems]
  const check = program.check()
  if (check.error !== undefined) {
    const problem = problemOf(check.error, source)
    if (!found.some(({ offset }) => offset === problem.offset)) found.push(problem)
  } else if (check.type !== 'bool') {
    found.push({ offset: 0, message: `a condition is true or false, this is a ${check.type}` })
  }
  if (found.length > 0) return err(found)

  widenGlobs(program.ast, effect !== 'permit')
  const compiled = environment.parse(serialize(program.ast))
  return ok({
    mentions,
    when: (asked) => {
      const holds: unknown = compiled(contextOf(asked))
      if (typeof holds === 'boolean') return holds
      throw new TypeError('a condition that was checked to be true or false is neither')
    },
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
