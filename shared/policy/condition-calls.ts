import type { ASTNode } from '@marcbachmann/cel-js'

import { didYouMean } from './nearest.ts'
import { statementTypes } from './statement-types.ts'

/** Methods that run their last argument for every element of a list. */
export const loops: readonly string[] = ['all', 'exists', 'exists_one', 'filter']

const functions = ['has', 'size', 'timestamp']
const dateParts = ['getFullYear', 'getMonth', 'getDate', 'getDayOfWeek', 'getHours', 'getMinutes']
const methods = ['glob', 'startsWith', 'endsWith', 'contains', 'size', ...loops, ...dateParts]

/** Every function and method that conditions may use. */
export const conditionFunctions: readonly string[] = [...new Set([...functions, ...methods])]

const MAX_PATTERN = 256
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)$/

/** Why this call is refused, whatever its types, if it is. */
export function callProblem(
  kind: 'function' | 'method',
  name: string,
  args: readonly ASTNode[],
): string | undefined {
  if (name === 'matches')
    return 'regular expressions are not available, use `glob`, in which `*` stands for any characters'
  const known = kind === 'function' ? functions : methods
  if (!known.includes(name)) return `unknown ${kind} \`${name}\`${didYouMean(name, known)}`

  if (loops.includes(name) && args.length !== 2)
    return `\`${name}\` takes a name for the element and a condition`
  const [first] = args
  const text = first?.op === 'value' && typeof first.args === 'string' ? first.args : undefined
  if (name === 'glob') {
    // Attacker-controlled: a `*` in a claim or a name would match what nobody wrote down.
    if (text === undefined) return '`glob` takes a pattern in quotes; to compare values use `==`'
    if (text.length > MAX_PATTERN) return `a pattern has at most ${MAX_PATTERN} characters`
  }
  if (name === 'timestamp' && (text === undefined || !isTimestamp(text)))
    return '`timestamp` takes a time such as `2026-01-31T08:00:00Z` in quotes'
  if (dateParts.includes(name) && first !== undefined && !isTimeZone(text))
    return `\`${name}\` takes a time zone such as \`Europe/Paris\` in quotes`
  return undefined
}

/** Texts that are compared with `query.statementType` and are none; such a rule never applies. */
export function misspeltStatementTypes(
  operands: readonly [ASTNode, ASTNode],
): readonly { readonly at: ASTNode; readonly message: string }[] {
  const [left, right] = operands
  if (!isStatementType(left) && !isStatementType(right)) return []
  return operands
    .flatMap((node) => (node.op === 'list' ? node.args : [node]))
    .flatMap((node) => {
      if (node.op !== 'value' || typeof node.args !== 'string') return []
      if (statementTypes.includes(node.args)) return []
      const hint = didYouMean(node.args, statementTypes)
      return [{ at: node, message: `BigQuery knows no statement type \`${node.args}\`${hint}` }]
    })
}

function isStatementType(node: ASTNode): boolean {
  if (node.op !== '.' || node.args[1] !== 'statementType') return false
  const [variable] = node.args
  return variable.op === 'id' && variable.args === 'query'
}

const isTimestamp = (text: string): boolean =>
  RFC_3339.test(text) && !Number.isNaN(Date.parse(text))

function isTimeZone(name: string | undefined): boolean {
  if (name === undefined) return false
  try {
    return Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
