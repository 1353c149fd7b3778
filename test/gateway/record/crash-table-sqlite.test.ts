import { describe } from 'vitest'

import { guarantee } from '../../support/guarantee.ts'
import { inSqlite } from '../../support/kept-record.ts'
import { crashTable } from './crash-table.ts'

describe('on SQLite', () => {
  crashTable(inSqlite, (body) => guarantee('survives-kills', body))
})
