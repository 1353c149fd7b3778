import type { ASTNode } from '@marcbachmann/cel-js'

import { GLOB_IN_ANY_CASE } from './condition-environment.ts'

/**
 * Chooses for every `glob` of a condition which of its two meanings is the stricter one, and renames
 * those that have to match in any case. In place: `ast` is to be written out and compiled anew.
 *
 * A dataset may ignore case, so that `Staff` and `staff` are one table, or not, so that they are two. A
 * rule that restricts must match either; one that opens must match only what it spells. Under a `!`
 * it is the other way round.
 */
export function widenGlobs(ast: ASTNode, restricts: boolean): void {
  visit(ast, restricts)
}

function visit(node: ASTNode, anyCase: boolean): void {
  switch (node.op) {
    case '!_':
      return visit(node.args, !anyCase)
    case '-_':
      return visit(node.args, anyCase)
    case 'rcall': {
      const [name, receiver, args] = node.args
      visit(receiver, anyCase)
      for (const argument of args) visit(argument, anyCase)
      if (name === 'glob' && anyCase) node.args[0] = GLOB_IN_ANY_CASE
      return
    }
    case 'call':
      for (const argument of node.args[1]) visit(argument, anyCase)
      return
    case '.':
      return visit(node.args[0], anyCase)
    case 'list':
    case '?:':
    case '||':
    case '&&':
    case '[]':
    case '==':
    case '!=':
    case 'in':
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '<':
    case '<=':
    case '>':
    case '>=':
      for (const part of node.args) visit(part, anyCase)
      return
    case 'value':
    case 'id':
    case 'map':
    case '.?':
    case '[?]':
  }
}
