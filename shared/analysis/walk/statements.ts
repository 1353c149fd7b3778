import type { SqlType } from '../../bigquery/sql-type.ts'
import type { OutputColumn, WrittenColumn } from '../lineage.ts'
import {
  columnsIn,
  nodeIn,
  nodesIn,
  type ResolvedColumn,
  type ResolvedNode,
  textIn,
} from '../resolved-tree.ts'
import { fieldOf, nothing } from './flow.ts'
import { passOver, useRule, walkExpression, walkInput, walkOptional, walkScan } from './parts.ts'
import { relationOf } from './table-scan.ts'
import { flowInto, NotUnderstood, visit, type Walk } from './walk.ts'

/** What a statement hands out and what it writes. */
export interface Written {
  readonly outputs: readonly OutputColumn[]
  readonly writes: readonly WrittenColumn[]
}

/** Walks a whole statement. Throws `NotUnderstood` for a kind it does not know. */
export function walkStatement(walk: Walk, node: ResolvedNode): Written {
  visit(walk, node)
  passOver(walk, [...nodesIn(node, 'hint_list'), ...nodesIn(node, 'option_list')])
  switch (node.kind) {
    case 'ResolvedQueryStmt':
      walkInput(walk, node, 'query')
      return { outputs: shown(rowOf(node, outputsOf(walk, node))), writes: [] }
    case 'ResolvedCreateTableAsSelectStmt':
    case 'ResolvedCreateViewStmt':
    case 'ResolvedCreateMaterializedViewStmt':
      return { outputs: [], writes: walkCreateAs(walk, node) }
    case 'ResolvedCreateTableStmt':
      if (nodeIn(node, 'clone_from') !== undefined || nodeIn(node, 'copy_from') !== undefined)
        throw new NotUnderstood('CLONE or COPY')
      walkDefinitions(walk, node)
      return { outputs: [], writes: [] }
    case 'ResolvedDropStmt':
      return { outputs: [], writes: [] }
    case 'ResolvedTruncateStmt':
      walkInput(walk, node, 'table_scan')
      useRule(walk, walkOptional(walk, node, 'where_expr'), 'filter')
      return { outputs: [], writes: [] }
    case 'ResolvedInsertStmt':
      return { outputs: [], writes: walkInsert(walk, node) }
    case 'ResolvedUpdateStmt':
    case 'ResolvedDeleteStmt':
      return { outputs: [], writes: walkUpdate(walk, node) }
    case 'ResolvedMergeStmt':
      return { outputs: [], writes: walkMerge(walk, node) }
    default:
      throw new NotUnderstood(node.kind)
  }
}

function outputsOf(walk: Walk, node: ResolvedNode): readonly OutputColumn[] {
  return nodesIn(node, 'output_column_list').map((output) => {
    visit(walk, output)
    const [column] = columnsIn(output, 'column')
    if (column === undefined) throw new NotUnderstood(output.kind)
    return { name: textIn(output, 'name'), type: typeOf(column), flow: flowInto(walk, column) }
  })
}

/** BigQuery spreads the STRUCT of `SELECT AS STRUCT` over columns. */
function rowOf(node: ResolvedNode, outputs: readonly OutputColumn[]): readonly OutputColumn[] {
  const [only] = outputs
  if (textIn(node, 'is_value_table') !== 'true' || only?.type.kind !== 'STRUCT') return outputs
  const { flow } = only
  return only.type.fields.map((field, i) => ({ ...field, flow: fieldOf(flow, i) }))
}

/** BigQuery calls the columns without a name `f0_`, `f1_` and so on. */
function shown(outputs: readonly OutputColumn[]): readonly OutputColumn[] {
  let unnamed = 0
  return outputs.map((output) =>
    output.name === '' || output.name.startsWith('$')
      ? { ...output, name: `f${unnamed++}_` }
      : output,
  )
}

function typeOf({ name, type }: ResolvedColumn): SqlType {
  if (type === undefined) throw new NotUnderstood(`the type of ${name}`)
  return type
}

function walkCreateAs(walk: Walk, node: ResolvedNode): readonly WrittenColumn[] {
  if (textIn(node, 'is_value_table') === 'true') throw new NotUnderstood('a value table')
  walkInput(walk, node, 'query')
  const outputs = outputsOf(walk, node)
  walkDefinitions(walk, node, outputs)
  for (const role of ['partition_by_list', 'cluster_by_list'])
    for (const each of nodesIn(node, role)) useRule(walk, walkExpression(walk, each), 'group')
  const table = (node.texts.get('name_path') ?? []).join('.')
  return outputs.map(({ name, type, flow }) => ({ target: `${table}.${name}`, type, flow }))
}

function walkDefinitions(
  walk: Walk,
  node: ResolvedNode,
  outputs: readonly OutputColumn[] = [],
): void {
  nodesIn(node, 'column_definition_list').forEach((definition, i) => {
    visit(walk, definition)
    for (const column of columnsIn(definition, 'column'))
      walk.flows.set(column.id, outputs[i]?.flow ?? nothing)
    for (const annotations of nodesIn(definition, 'annotations')) walkAnnotations(walk, annotations)
    for (const value of nodesIn(definition, 'default_value')) {
      visit(walk, value)
      walkOptional(walk, value, 'expression')
    }
  })
}

function walkAnnotations(walk: Walk, node: ResolvedNode): void {
  visit(walk, node)
  passOver(walk, [...nodesIn(node, 'collation_name'), ...nodesIn(node, 'option_list')])
  nodesIn(node, 'child_list').forEach((child) => walkAnnotations(walk, child))
}

function walkInsert(walk: Walk, node: ResolvedNode): readonly WrittenColumn[] {
  const table = walkTarget(walk, node)
  nodesIn(node, 'query_parameter_list').forEach((each) => walkExpression(walk, each))
  const columns = columnsIn(node, 'insert_column_list')
  const query = nodeIn(node, 'query')
  if (query === undefined) return insertedRows(walk, node, table, columns)
  walkScan(walk, query)
  const sources = columnsIn(node, 'query_output_column_list')
  if (sources.length !== columns.length) throw new NotUnderstood('INSERT of another shape')
  return columns.map((column, i) => {
    const source = sources[i]
    if (source === undefined) throw new NotUnderstood('INSERT of another shape')
    return written(table, column.name, typeOf(column), flowInto(walk, source))
  })
}

function insertedRows(
  walk: Walk,
  node: ResolvedNode,
  table: string,
  columns: readonly ResolvedColumn[],
): readonly WrittenColumn[] {
  const rows = [...nodesIn(node, 'row_list'), ...nodesIn(node, 'insert_row')]
  return rows.flatMap((row) => {
    visit(walk, row)
    const values = nodesIn(row, 'value_list')
    if (values.length !== columns.length) throw new NotUnderstood('INSERT of another shape')
    return columns.map((column, i) => {
      const value = values[i]
      if (value === undefined) throw new NotUnderstood('INSERT of another shape')
      visit(walk, value)
      return written(table, column.name, typeOf(column), walkOptional(walk, value, 'value'))
    })
  })
}

function walkUpdate(walk: Walk, node: ResolvedNode): readonly WrittenColumn[] {
  const table = walkTarget(walk, node)
  if (nodeIn(node, 'array_offset_column') !== undefined) throw new NotUnderstood('nested DML')
  if (nodeIn(node, 'from_scan') !== undefined) walkInput(walk, node, 'from_scan')
  useRule(walk, walkOptional(walk, node, 'where_expr'), 'filter')
  return nodesIn(node, 'update_item_list').map((item) => walkItem(walk, item, table))
}

function walkMerge(walk: Walk, node: ResolvedNode): readonly WrittenColumn[] {
  const table = walkTarget(walk, node)
  walkInput(walk, node, 'from_scan')
  useRule(walk, walkOptional(walk, node, 'merge_expr'), 'join')
  return nodesIn(node, 'when_clause_list').flatMap((clause) => {
    visit(walk, clause)
    useRule(walk, walkOptional(walk, clause, 'match_expr'), 'filter')
    return [
      ...insertedRows(walk, clause, table, columnsIn(clause, 'insert_column_list')),
      ...nodesIn(clause, 'update_item_list').map((item) => walkItem(walk, item, table)),
    ]
  })
}

/** The table that is written: its columns can be read too. */
function walkTarget(walk: Walk, node: ResolvedNode): string {
  for (const role of ['returning', 'assert_rows_modified'])
    if (nodeIn(node, role) !== undefined) throw new NotUnderstood(role.replaceAll('_', ' '))
  const scan = nodeIn(node, 'table_scan')
  if (scan === undefined) throw new NotUnderstood(node.kind)
  walkScan(walk, scan)
  return relationOf(walk, scan).path.join('.')
}

function walkItem(walk: Walk, item: ResolvedNode, table: string): WrittenColumn {
  visit(walk, item)
  const target = nodeIn(item, 'target')
  const value = nodeIn(item, 'set_value')
  const nested = [
    'array_update_list',
    'delete_list',
    'update_list',
    'insert_list',
    'element_column',
  ]
  if (target === undefined || value === undefined || nested.some((role) => item.nodes.has(role)))
    throw new NotUnderstood('nested DML')
  visit(walk, value)
  walkExpression(walk, target)
  if (target.type === undefined) throw new NotUnderstood('the type of a column')
  return written(table, pathOf(target).join('.'), target.type, walkOptional(walk, value, 'value'))
}

/** The column and the fields in it that a SET clause names. */
function pathOf(target: ResolvedNode): readonly string[] {
  const [column] = columnsIn(target, 'column')
  if (target.kind === 'ResolvedColumnRef' && column !== undefined) return [column.name]
  const struct = nodeIn(target, 'expr')
  if (target.kind !== 'ResolvedGetStructField' || struct?.type?.kind !== 'STRUCT')
    throw new NotUnderstood(`SET of ${target.kind}`)
  const field = struct.type.fields[Number(textIn(target, 'field_idx'))]
  if (field === undefined) throw new NotUnderstood('a field')
  return [...pathOf(struct), field.name]
}

function written(
  table: string,
  column: string,
  type: SqlType,
  flow: WrittenColumn['flow'],
): WrittenColumn {
  return { target: `${table}.${column}`, type, flow }
}
