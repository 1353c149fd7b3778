import { err, ok, type Result } from '../kernel/result.ts'
import type { AnalysisProblem, StatementType } from './analysis.ts'
import { describeKind } from './node-kinds.ts'
import { scriptKinds, type StatementKind, statementKinds } from './statement-kinds.ts'
import { lastName, survey } from './survey.ts'
import { child, childrenIn, identifierText, pathParts, type SyntaxNode } from './syntax-tree.ts'

/** One statement, and the paths in it that name tables. */
export interface Statement {
  readonly type: StatementType
  readonly node: SyntaxNode
  readonly reads: readonly SyntaxNode[]
  /** The paths of the routines it calls. */
  readonly routines: readonly SyntaxNode[]
  readonly target: SyntaxNode | undefined
  readonly readsTarget: boolean
  /** Whether GoogleSQL's `ExtractTableNames` reports the target. */
  readonly extractsTarget: boolean
}

/**
 * The single statement of a parsed script, or why Sluice does not say what it does. Undefined when there
 * is no statement at all.
 */
export function readStatement(script: SyntaxNode): Result<Statement, AnalysisProblem> | undefined {
  const list = child(script, 'statement_list_node')
  const [node, ...more] = list === undefined ? [] : childrenIn(list, 'statement_list')
  if (node === undefined) return undefined
  if (more.length > 0 || scriptKinds.has(node.kind)) {
    return refuse('send one statement at a time; Sluice does not run scripts')
  }
  const object = node.attributes.get('schema_object_kind')
  const kind = statementKinds[object === undefined ? node.kind : `${node.kind} ${object}`]
  const name = `${describeKind(node.kind)}${object?.replace(/^k/, ' ').toUpperCase() ?? ''}`
  if (kind === undefined) return refuse(`Sluice does not run ${name} statements`)

  const odd = oddPart(node, kind)
  if (odd !== undefined) return refuse(`Sluice does not run ${name} with ${odd}`)
  return surveyed(node, kind)
}

/** What the statement has that its kind may not, in words. */
function oddPart(node: SyntaxNode, kind: StatementKind): string | undefined {
  const parts = [kind.target, kind.from, ...kind.parts]
  const part = node.children.find(({ role }) => !parts.includes(role))
  const attribute = Object.entries(kind.only ?? {}).find(
    ([key, value]) => (node.attributes.get(key) ?? value) !== value,
  )
  const value = attribute === undefined ? undefined : node.attributes.get(attribute[0])
  return (part?.role.replaceAll('_', ' ') ?? value?.replaceAll('_', ' '))?.toUpperCase()
}

function surveyed(node: SyntaxNode, kind: StatementKind): Result<Statement, AnalysisProblem> {
  const target = kind.target === undefined ? undefined : child(node, kind.target)
  const parts = pathParts(target)
  // Fail closed: `UPDATE t.array[0] …` is nested DML.
  if (kind.target !== undefined && parts === undefined) return refuse('name the table to write')

  const found = survey(
    node.children
      .filter(({ role }) => role !== kind.target && role !== kind.from)
      .map((each) => each.node),
    {
      from: kind.from === undefined ? undefined : child(node, kind.from),
      alias: identifierText(child(node, 'alias')) ?? lastName(target),
    },
  )
  const [hint] = found.problems
  if (hint !== undefined) return refuse(hint)
  const asSelect = kind.type === 'CREATE_TABLE' && child(node, 'query') !== undefined
  return ok({
    type: asSelect ? 'CREATE_TABLE_AS_SELECT' : kind.type,
    node,
    reads: found.tables,
    routines: found.routines,
    target,
    readsTarget: kind.readsTarget === true,
    extractsTarget: kind.dml === true,
  })
}

function refuse(hint: string): Result<never, AnalysisProblem> {
  return err({ problem: 'not-understood', hint })
}
