import { format } from 'sql-formatter'

/** What is longer is shown as it is: laying it out would keep others waiting. */
const MOST_CHARACTERS = 50_000

/** SQL laid out for people; as it is when it is too long, or is not understood. Never throws. */
export function formattedSql(sql: string): string {
  if (sql.length > MOST_CHARACTERS) return sql
  try {
    return format(sql, {
      language: 'bigquery',
      keywordCase: 'upper',
      tabWidth: 2,
      expressionWidth: 80,
    })
  } catch {
    return sql
  }
}
