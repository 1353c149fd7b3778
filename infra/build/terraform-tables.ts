/**
 * `node infra/build/terraform-tables.ts`: writes what the READMEs of the terraform modules say of variables and outputs. A test
 * tells when that was forgotten; `npx oxfmt` sets the tables in columns.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { terraformModules, terraformTables } from '../terraform-tables.ts'

for (const name of terraformModules) {
  const folder = join(import.meta.dirname, '../terraform', name)
  const file = join(folder, 'README.md')
  const [words = ''] = readFileSync(file, 'utf8').split('## Inputs')
  writeFileSync(file, `${words}${terraformTables(folder)}\n`)
}
