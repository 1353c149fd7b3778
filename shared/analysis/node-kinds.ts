/**
 * The kinds of nodes that only combine what their children are: expressions, query clauses, types, column
 * definitions; and the parts of queries that `survey.ts` handles by name. Whatever is not listed is refused:
 * it may read data, run code or change state in ways nobody has looked at.
 */
const KNOWN = new Set(
  `
  ASTAlias ASTAliasedQuery ASTAnalyticFunctionCall ASTAndExpr ASTAnySomeAllOp ASTArrayColumnSchema
  ASTArrayConstructor ASTArrayElement ASTArrayType ASTBetweenExpression ASTBigNumericLiteral
  ASTBinaryExpression ASTBitwiseShiftExpression ASTBooleanLiteral ASTBytesLiteral
  ASTCaseNoValueExpression ASTCaseValueExpression ASTCastExpression ASTClusterBy ASTCollate
  ASTColumnAttributeList ASTColumnDefinition ASTColumnList ASTColumnWithOptions
  ASTColumnWithOptionsList ASTCube ASTDateOrTimeLiteral ASTDefaultLiteral ASTDotIdentifier
  ASTDotStar ASTDotStarWithModifiers ASTExpressionSubquery ASTExpressionWithOptAlias
  ASTExtractExpression ASTFloatLiteral ASTForSystemTime ASTFormatClause ASTFromClause
  ASTFunctionCall ASTGroupBy ASTGroupByAll ASTGroupingItem ASTGroupingSet ASTGroupingSetList
  ASTHaving ASTHavingModifier ASTIdentifier ASTInExpression ASTInList ASTInsertValuesRow
  ASTInsertValuesRowList ASTIntLiteral ASTIntervalExpr ASTJSONLiteral ASTJoin ASTLambda
  ASTLikeExpression ASTLimitOffset ASTLocation ASTMergeAction ASTMergeWhenClause
  ASTMergeWhenClauseList ASTNamedArgument ASTNotNullColumnAttribute ASTNullLiteral ASTNullOrder
  ASTNumericLiteral ASTOnClause ASTOptionsEntry ASTOptionsList ASTOrExpr ASTOrderBy
  ASTOrderingExpression ASTParameterExpr ASTParenthesizedJoin ASTPartitionBy ASTPathExpression
  ASTPathExpressionList ASTPivotClause ASTPivotExpression ASTPivotExpressionList ASTPivotValue
  ASTPivotValueList ASTPrimaryKey ASTPrimaryKeyColumnAttribute ASTPrimaryKeyElement
  ASTPrimaryKeyElementList ASTQualify ASTQuery ASTRangeColumnSchema ASTRangeLiteral ASTRangeType
  ASTRepeatableClause ASTRollup ASTSampleClause ASTSampleSize ASTSampleSuffix ASTSelect
  ASTSelectAs ASTSelectColumn ASTSelectList ASTSetOperation ASTSetOperationAllOrDistinct
  ASTSetOperationColumnMatchMode ASTSetOperationColumnPropagationMode ASTSetOperationMetadata
  ASTSetOperationMetadataList ASTSetOperationType ASTStar ASTStarExceptList ASTStarModifiers
  ASTStarReplaceItem ASTStarWithModifiers ASTStringLiteral ASTStructColumnField
  ASTStructColumnSchema ASTStructConstructorArg ASTStructConstructorWithKeyword
  ASTStructConstructorWithParens ASTStructField ASTStructType ASTTableElementList
  ASTTablePathExpression ASTTableSubquery ASTTypeParameterList ASTUnaryExpression
  ASTUnnestExpression ASTUnpivotClause ASTUnpivotInItem ASTUnpivotInItemLabel ASTUnpivotInItemList
  ASTUpdateItem ASTUpdateItemList ASTUpdateSetValue ASTUsingClause ASTWhereClause ASTWindowClause
  ASTWindowDefinition ASTWindowFrame ASTWindowFrameExpr ASTWindowSpecification ASTWithClause
  ASTWithExpression ASTWithOffset
  `.match(/\S+/g),
)

/** What a refused kind is called in the SQL, where its name does not say it. */
const NAMES: Readonly<Record<string, string>> = {
  ASTConnectionClause: 'CONNECTION',
  ASTDescriptor: 'DESCRIPTOR',
  ASTForeignKey: 'FOREIGN KEY',
  ASTForeignKeyColumnAttribute: 'REFERENCES',
  ASTGeneratedColumnInfo: 'a generated column',
  ASTHint: 'a hint `@{…}`',
  ASTModelClause: 'MODEL',
  ASTOnOrUsingClauseList: 'joins whose ON clauses follow each other: write each ON after its JOIN',
  ASTReturningClause: 'THEN RETURN',
  ASTSelectWith: 'SELECT WITH …',
  ASTSystemVariableExpr: 'a system variable `@@…`',
  ASTTableClause: 'TABLE as an argument',
  ASTWithConnectionClause: 'WITH CONNECTION',
}

/** Whether nodes of this kind can be understood, given that what they are made of can be. */
export function isKnownKind(kind: string): boolean {
  return KNOWN.has(kind)
}

/** A refused kind in words: `ASTCreateModelStatement` is `CREATE MODEL`. */
export function describeKind(kind: string): string {
  const words = kind.replace(/^AST/, '').replace(/(?:Statement|Expression|Clause)$/, '')
  return NAMES[kind] ?? words.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toUpperCase()
}
