import { sqliteStore } from '../../shared/adapters/sqlite/sqlite-store.ts'
import { sampleCallId, sampleRequest } from '../support/sample-entries.ts'

/** Run as a process of its own by `sqlite.test.ts`: writes 50 entries of its own and 50 that it shares. */
const [path = '', number = ''] = process.argv.slice(2)
const store = sqliteStore(path)
const created: string[] = []
let lost = 0
for (let n = 0; n < 100; n += 1) {
  const call = sampleCallId(n < 50 ? 1_000 * Number(number) + n : n)
  const stored = sampleRequest({ call, connection: `process-${number}` })
  if ((await store.entries.create(stored)) === 'created') created.push(stored.entry.id)
  else lost += 1
}
store.close()
console.log(JSON.stringify({ created, lost }))
