import {
  listOf,
  messageAt,
  type Message,
  rangeOf,
  textOf,
  unwrap,
  walk,
} from '../engine/message.ts'
import type { Edit } from './edits.ts'

/** Who runs every job here. */
export const USER_EMAIL = 'local@sluice.example'

/**
 * Edits that make a syntax tree's SQL say the same in words this build of the engine knows:
 *
 * - an alias for a path in one pair of back quotes, whose name BigQuery takes from its last part;
 * - the few functions that the build leaves out and that are easily said otherwise.
 */
export function standIns(sql: string, tree: Message): readonly Edit[] {
  const bytes = Buffer.from(sql)
  const edits: Edit[] = []
  walk(tree, (node) => {
    if (!isSet(node, 'alias')) edits.push(...aliasEdit(messageAt(node, 'path_expr')))
    const [kind, inner] = unwrap(node)
    // Only where it hangs, not at each of its base classes.
    if (node['node'] !== kind) return
    if (kind === 'ast_function_call_node') edits.push(...functionEdit(bytes, inner))
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

function functionEdit(sql: Buffer, call: Message): readonly Edit[] {
  const names = listOf(call['function'], 'names').map((name) => textOf(name, 'id_string'))
  const range = rangeOf(call)
  const callee = rangeOf(messageAt(call, 'function'))
  if (range === undefined || callee === undefined || names.length !== 1) return []
  switch (names[0]?.toUpperCase()) {
    case 'SESSION_USER':
      return [{ ...range, text: `'${USER_EMAIL}'` }]
    case 'GENERATE_UUID':
      return [{ ...range, text: UUID }]
    case 'APPROX_COUNT_DISTINCT': {
      const open = sql.indexOf('(', callee.end) + 1
      return [
        { ...callee, text: 'COUNT' },
        { start: open, end: open, text: 'DISTINCT ' },
      ]
    }
    default:
      return []
  }
}

// Version 4: 32 random hexadecimal digits, three of them said what they are.
const UUID =
  "REGEXP_REPLACE(TO_HEX(MD5(CAST(RAND() AS STRING))), r'^(.{8})(.{4}).(.{3}).(.{3})(.{12})$', r'\\1-\\2-4\\3-a\\4-\\5')"

function isSet(node: Message, name: string): boolean {
  return node[name] !== undefined
}
