import { describe } from 'vitest'

import { guarantee } from '../../support/guarantee.ts'
import { inSqlite } from '../../support/kept-record.ts'
import { parallelLoad } from './parallel-load.ts'

describe('on SQLite', () => {
  parallelLoad(inSqlite, (body) => guarantee('two-commits', body))
})
