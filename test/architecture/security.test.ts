import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { guarantees } from '../guarantees.ts'

const security = readFileSync(join(import.meta.dirname, '../../SECURITY.md'), 'utf8')

test.each(Object.entries(guarantees))(
  'SECURITY.md promises %s in the same words',
  (id, promise) => {
    expect(security.replaceAll(/ +/g, ' ')).toContain(`| \`${id}\` | ${promise} |`)
  },
)
