import { expect, test } from 'vitest'

import { isBuiltinFunction } from '../../../shared/analysis/builtin-functions.ts'

test.each([
  [['COUNT']],
  [['count']],
  [['SAFE', 'SUBSTR']],
  [['NET', 'HOST']],
  [['safe', 'net', 'host']],
  [['SESSION_USER']],
  [['MAX_BY']],
])('%j is of BigQuery', (path) => {
  expect(isBuiltinFunction(path)).toBe(true)
})

test.each([
  [[]],
  [['']],
  [['safe']],
  [['f']],
  [['hospital', 'count']],
  [['net', 'count']],
  [['safe', 'hospital', 'f']],
  [['safe', 'safe', 'abs']],
  // Quoted: one identifier to GoogleSQL, a routine's path to BigQuery.
  [['net.host']],
  [['hospital.f']],
  [['ML', 'PREDICT']],
  [['AI', 'GENERATE']],
  [['EXTERNAL_QUERY']],
  [['OBJ', 'FETCH_METADATA']],
  [['ST_REGIONSTATS']],
  // In GoogleSQL but not in BigQuery, where a routine may have the name.
  [['array_find_all']],
  [['iferror']],
  [['constructor']],
  [['__proto__']],
])('%j may be anything', (path) => {
  expect(isBuiltinFunction(path)).toBe(false)
})
