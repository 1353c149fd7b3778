import {
  listOf,
  messageAt,
  type Message,
  type Range,
  rangeOf,
  textOf,
  unwrap,
  walk,
} from '../engine/message.ts'
import type { Edit } from './edits.ts'

/** Who runs the jobs of everybody who does not say who they are. */
export const USER_EMAIL = 'local@sluice.example'

/** The name under which the engine gets the positional parameter of this number, from 1. */
export function positionalName(number: number): string {
  return `_positional_${number}`
}

/** The number of the positional parameter of such a name, or undefined. */
export function positionOf(name: string): number | undefined {
  const [, number] = /^_positional_(\d+)$/.exec(name) ?? []
  return number === undefined ? undefined : Number(number)
}

/**
 * Edits that make a syntax tree's SQL say the same in words this build of the engine knows:
 *
 * - an alias for a path in one pair of back quotes, whose name BigQuery takes from its last part;
 * - names for positional parameters, with which it runs nothing;
 * - the few functions that the build leaves out and that are easily said otherwise.
 *
 * `user`: what `SESSION_USER()` is.
 */
export function standIns(sql: string, tree: Message, user: string): readonly Edit[] {
  const bytes = Buffer.from(sql)
  const edits: Edit[] = []
  walk(tree, (node) => {
    if (!isSet(node, 'alias')) edits.push(...aliasEdit(messageAt(node, 'path_expr')))
    const [kind, inner] = unwrap(node)
    // Only where it hangs, not at each of its base classes.
    if (node['node'] !== kind) return
    if (kind === 'ast_parameter_expr_node') edits.push(...parameterEdit(inner))
    if (kind === 'ast_function_call_node') edits.push(...functionEdit(bytes, inner, user))
    if (/^ast_(?:update|delete)_statement_node$/.test(kind) && !isSet(inner, 'alias')) {
      edits.push(...aliasEdit(unwrap(messageAt(inner, 'target_path'))[1]))
    }
  })
  return edits
}

function aliasEdit(path: Message): readonly Edit[] {
  const name = textOf(listOf(path, 'names').at(-1), 'id_string')
  const range = rangeOf(path)
  if (!name.includes('.') || range === undefined) return []
  const alias = name.slice(name.lastIndexOf('.') + 1)
  return [{ start: range.end, end: range.end, text: ` AS \`${alias}\`` }]
}

function parameterEdit(parameter: Message): readonly Edit[] {
  const number = Number(parameter['position'] ?? 0)
  const range = rangeOf(parameter)
  return number === 0 || range === undefined
    ? []
    : [{ ...range, text: `@${positionalName(number)}` }]
}

function functionEdit(sql: Buffer, call: Message, user: string): readonly Edit[] {
  const names = listOf(call['function'], 'names').map((name) => textOf(name, 'id_string'))
  const range = rangeOf(call)
  const callee = rangeOf(messageAt(call, 'function'))
  if (range === undefined || callee === undefined || names.length !== 1) return []
  const name = names.join('').toUpperCase()
  switch (name) {
    case 'SESSION_USER':
      return [{ ...range, text: `'${user}'` }]
    case 'GENERATE_UUID':
      return [{ ...range, text: UUID }]
    case 'APPROX_COUNT_DISTINCT': {
      const open = sql.indexOf('(', callee.end) + 1
      return [
        { ...callee, text: 'COUNT' },
        { start: open, end: open, text: 'DISTINCT ' },
      ]
    }
    case 'MAX_BY':
    case 'MIN_BY':
      return extremeEdit(sql, call, callee, name.slice(0, 3))
    default:
      return []
  }
}

/** `MAX_BY(x, y)` is `ANY_VALUE(x HAVING MAX y)`. */
function extremeEdit(sql: Buffer, call: Message, callee: Range, which: string): readonly Edit[] {
  const [first, second] = listOf(call, 'arguments').map((each) => rangeOf(unwrap(each)[1]))
  if (first === undefined || second === undefined) return []
  const comma = sql.indexOf(',', first.end)
  return [
    { ...callee, text: 'ANY_VALUE' },
    { start: comma, end: comma + 1, text: ` HAVING ${which} ` },
  ]
}

// Version 4: 32 random hexadecimal digits, three of them said what they are.
const UUID =
  "REGEXP_REPLACE(TO_HEX(MD5(CAST(RAND() AS STRING))), r'^(.{8})(.{4}).(.{3}).(.{3})(.{12})$', r'\\1-\\2-4\\3-a\\4-\\5')"

function isSet(node: Message, name: string): boolean {
  return node[name] !== undefined
}
