/**
 * `node infra/build/firestore-indexes.ts`: writes `infra/terraform/firestore-indexes.json`, from the list that the code takes
 * its queries from. A test tells when that was forgotten.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { firestoreIndexes } from '../firestore-indexes.ts'

const file = join(import.meta.dirname, '../terraform/firestore-indexes.json')
writeFileSync(file, `${JSON.stringify(firestoreIndexes(), undefined, 2)}\n`)
