import { tokens } from './tokens.ts'

/** Syntax of BigQuery that the release of GoogleSQL we run cannot parse, and what to write instead. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/\|>/, 'rewrite it without `|>`: as a SELECT with subqueries'],
  [/\bBY NAME\b/, 'rewrite it without `BY NAME`: list the columns of both sides in the same order'],
  [/\bMATCH_RECOGNIZE\b/, 'rewrite it without `MATCH_RECOGNIZE`'],
  [/\b(?:GRAPH|GRAPH_TABLE)\b/, 'rewrite it without `GRAPH`: query the tables behind the graph'],
  [/^FROM\b/, 'begin with SELECT'],
  [/"" ""/, 'join adjacent literals with `||`'],
]

/**
 * For SQL that GoogleSQL refused to parse: a hint when it looks like BigQuery's newer syntax, which
 * BigQuery itself might accept; undefined when it is just wrong.
 */
export function unsupportedSyntaxHint(sql: string): string | undefined {
  const outline = [...tokens(sql)]
    .map((token) => (token.kind === 'quoted' ? '""' : token.text.toUpperCase()))
    .join(' ')
  return HINTS.find(([pattern]) => pattern.test(outline))?.[1]
}
