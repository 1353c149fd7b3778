import type { GoogleSqlAnalyzer } from '../shared/adapters/googlesql/analyzer.ts'

/** In functions that look at no SQL: GoogleSQL is not deployed with them. */
export const noAnalyzer: GoogleSqlAnalyzer = {
  analyze: () => Promise.reject(new Error('this function looks at no SQL')),
  relocate: () => Promise.reject(new Error('this function looks at no SQL')),
  healthy: () => true,
  close: () => {},
}
