import type { StatementType } from './analysis.ts'

/** How a kind of statement is read: which of its parts are what. */
export interface StatementKind {
  readonly type: StatementType
  /** The part that names the table it writes. */
  readonly target?: string
  /** The part that is a FROM clause, or stands for one. */
  readonly from?: string
  /** The other parts it may have. One that is not listed makes it another statement. */
  readonly parts: readonly string[]
  /** Attributes that make it another statement unless they have this value, or none. */
  readonly only?: Readonly<Record<string, string>>
  /** Whether its expressions see the rows of the target. */
  readonly readsTarget?: true
  /** Whether GoogleSQL's `ExtractTableNames` reports the target. */
  readonly dml?: true
}

const CREATE = { scope: 'DEFAULT_SCOPE' }

/** The statements that can be understood, by the kind of their node. */
export const statementKinds: Readonly<Record<string, StatementKind>> = {
  ASTQueryStatement: { type: 'SELECT', parts: ['query'] },
  ASTInsertStatement: {
    type: 'INSERT',
    target: 'target_path',
    parts: ['column_list', 'rows', 'query'],
    only: { insert_mode: 'DEFAULT_MODE' },
    dml: true,
  },
  ASTUpdateStatement: {
    type: 'UPDATE',
    target: 'target_path',
    from: 'from_clause',
    parts: ['alias', 'update_item_list', 'where'],
    readsTarget: true,
    dml: true,
  },
  ASTDeleteStatement: {
    type: 'DELETE',
    target: 'target_path',
    parts: ['alias', 'where'],
    readsTarget: true,
    dml: true,
  },
  ASTMergeStatement: {
    type: 'MERGE',
    target: 'target_path',
    from: 'table_expression',
    parts: ['alias', 'merge_condition', 'when_clauses'],
    readsTarget: true,
    dml: true,
  },
  ASTTruncateStatement: { type: 'TRUNCATE_TABLE', target: 'target_path', parts: [], dml: true },
  ASTCreateTableStatement: {
    type: 'CREATE_TABLE',
    target: 'name',
    // Without `like_table_name`, `clone_data_source` and `copy_data_source`, which copy a table.
    parts: ['table_element_list', 'options_list', 'collate', 'partition_by', 'cluster_by', 'query'],
    only: CREATE,
  },
  ASTCreateViewStatement: {
    type: 'CREATE_VIEW',
    target: 'name',
    parts: ['column_with_options_list', 'options_list', 'query'],
    only: { ...CREATE, recursive: 'false', sql_security: 'SQL_SECURITY_UNSPECIFIED' },
  },
  'ASTDropStatement kTable': {
    type: 'DROP_TABLE',
    target: 'name',
    parts: [],
    only: { drop_mode: 'DROP_MODE_UNSPECIFIED' },
  },
  'ASTDropStatement kView': {
    type: 'DROP_VIEW',
    target: 'name',
    parts: [],
    only: { drop_mode: 'DROP_MODE_UNSPECIFIED' },
  },
}

/** Statements that only a script can hold, or that run others. */
export const scriptKinds: ReadonlySet<string> = new Set([
  'ASTAssignmentFromStruct',
  'ASTBeginEndBlock',
  'ASTBreakStatement',
  'ASTCaseStatement',
  'ASTContinueStatement',
  'ASTForInStatement',
  'ASTIfStatement',
  'ASTLoopStatement',
  'ASTParameterAssignment',
  'ASTRaiseStatement',
  'ASTRepeatStatement',
  'ASTReturnStatement',
  'ASTSingleAssignment',
  'ASTSystemVariableAssignment',
  'ASTVariableDeclaration',
  'ASTWhileStatement',
])
