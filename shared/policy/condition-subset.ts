import type { ASTNode } from '@marcbachmann/cel-js'

import { callProblem, loops, misspeltStatementTypes } from './condition-calls.ts'
import { conditionLimits, conditionVariables } from './condition-environment.ts'
import { didYouMean } from './nearest.ts'

/** Something wrong at a character of a condition. */
export interface ConditionProblem {
  readonly offset: number
  readonly message: string
}

/** Names that conditions may ask for; others are never there. */
export interface Known {
  /** Claims that issuers vouch for. */
  readonly claims: readonly string[]
  /** Tags that policy puts on columns. */
  readonly tags: readonly string[]
}

const variables = Object.keys(conditionVariables)

/**
 * Holds a condition to the part of CEL whose meaning and cost are known here. An allowlist: the
 * library's `matches` backtracks, its `has` does not check names, `dyn` turns type-checking off, and
 * what it adds tomorrow is not in a policy until somebody looked at it. `mentions` are the fields of
 * `query` it asks for.
 */
export function examine(
  ast: ASTNode,
  { claims, tags }: Known,
): {
  readonly problems: readonly ConditionProblem[]
  readonly mentions: ReadonlySet<string>
} {
  const problems: ConditionProblem[] = []
  const mentions = new Set<string>()
  visit(ast, variables)
  return { problems, mentions }

  function refuse(node: ASTNode, message: string | undefined): void {
    if (message !== undefined) problems.push({ offset: node.pos, message })
  }

  /** `names` are the variables in scope: the three, then those of the loops around. */
  function visit(node: ASTNode, names: readonly string[]): void {
    visitClaim(node)
    switch (node.op) {
      case 'value':
        return refuse(node, literalProblem(node.args))
      case 'id':
        if (!names.includes(node.args))
          refuse(node, `unknown name \`${node.args}\`${didYouMean(node.args, names)}`)
        return
      case '.': {
        const [object, field] = node.args
        refuse(node, object.op === 'id' ? fieldProblem(object.args, field) : undefined)
        if (object.op === 'id' && object.args === 'query') mentions.add(field)
        return visit(object, names)
      }
      case '[]':
        // `principal[…]` would escape the type check.
        if (node.args[0].op !== '.') refuse(node, 'only claims and lists have elements to pick')
        return visitAll(node.args, names)
      case 'call': {
        const [name, args] = node.args
        refuse(node, callProblem('function', name, args))
        return name === 'has' ? visitHas(node, args) : visitAll(args, names)
      }
      case 'rcall': {
        const [name, receiver, args] = node.args
        refuse(node, callProblem('method', name, args))
        visit(receiver, names)
        return loops.includes(name) ? visitLoop(node, args, names) : visitAll(args, names)
      }
      case '!_':
      case '-_':
        return visit(node.args, names)
      case 'list':
      case '?:':
      case '||':
      case '&&':
        return visitAll(node.args, names)
      case '==':
      case '!=':
      case 'in':
        for (const { at, message } of misspeltStatementTypes(node.args)) refuse(at, message)
        if (node.op === 'in') visitTag(node.args)
        return visitAll(node.args, names)
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
      case '<':
      case '<=':
      case '>':
      case '>=':
        return visitAll(node.args, names)
      case 'map':
      case '.?':
      case '[?]':
        return refuse(node, 'maps and optional fields are not available')
    }
  }

  function visitAll(nodes: readonly ASTNode[], names: readonly string[]): void {
    for (const node of nodes) visit(node, names)
  }

  /** The library finds any name in `has`, right or wrong, so that a misspelt one is never there. */
  function visitHas(node: ASTNode, args: readonly ASTNode[]): void {
    const [claim] = args
    if (claim?.op === '.' && isClaims(claim.args[0])) return visitClaim(claim)
    refuse(node, 'only a claim may be missing: write `has(principal.claims.NAME)`')
  }

  function visitClaim(node: ASTNode): void {
    const name = claimOf(node)
    if (name === undefined || claims.includes(name)) return
    const message = `never there, as no issuer requires, maps or records it: claim \`${name}\``
    refuse(node, `${message}${didYouMean(name, claims)}`)
  }

  function visitTag([tag, list]: readonly [ASTNode, ASTNode]): void {
    const name = isField(list, 'query', 'tags') ? textOf(tag) : undefined
    if (name === undefined || tags.includes(name)) return
    refuse(
      tag,
      `no column of \`data\` or \`policyTags\` has the tag \`${name}\`${didYouMean(name, tags)}`,
    )
  }

  function visitLoop(node: ASTNode, args: readonly ASTNode[], names: readonly string[]): void {
    const [element, ...body] = args
    if (element?.op !== 'id') return
    if (names.includes(element.args)) refuse(element, `the name is taken: \`${element.args}\``)
    if (names.length - variables.length >= conditionLimits.loops)
      return refuse(node, `loops nest at most ${conditionLimits.loops} deep`)
    visitAll(body, [...names, element.args])
  }
}

function literalProblem(value: unknown): string | undefined {
  if (typeof value === 'bigint')
    return BigInt.asIntN(64, value) === value ? undefined : 'a whole number has at most 64 bits'
  if (typeof value === 'string' || typeof value === 'boolean') return undefined
  return 'only texts, whole numbers, true and false may be written here'
}

function fieldProblem(variable: string, field: string): string | undefined {
  const [, fields] = Object.entries(conditionVariables).find(([name]) => name === variable) ?? []
  if (fields === undefined || Object.hasOwn(fields, field)) return undefined
  return `unknown field \`${field}\`${didYouMean(field, Object.keys(fields))}`
}

/** The name in `principal.claims.NAME`, `principal.claims["NAME"]` and `"NAME" in principal.claims`. */
function claimOf(node: ASTNode): string | undefined {
  if (node.op === '.') return isClaims(node.args[0]) ? node.args[1] : undefined
  if (node.op === '[]') return isClaims(node.args[0]) ? textOf(node.args[1]) : undefined
  if (node.op === 'in') return isClaims(node.args[1]) ? textOf(node.args[0]) : undefined
  return undefined
}

const isClaims = (node: ASTNode): boolean => isField(node, 'principal', 'claims')

function isField(node: ASTNode, variable: string, field: string): boolean {
  if (node.op !== '.' || node.args[1] !== field) return false
  const [object] = node.args
  return object.op === 'id' && object.args === variable
}

const textOf = (node: ASTNode): string | undefined =>
  node.op === 'value' && typeof node.args === 'string' ? node.args : undefined
