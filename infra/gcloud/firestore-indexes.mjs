/** `node firestore-indexes.mjs indexes|exempt`: the list of infra/terraform/firestore-indexes.json in lines that deploy.sh reads. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const { indexes, exempt } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../terraform/firestore-indexes.json'), 'utf8'),
)
const lines =
  process.argv[2] === 'indexes'
    ? indexes.map(({ database, collection, fields }) => [
        database,
        collection,
        fields.map(config).join(' '),
      ])
    : exempt.map(({ database, collection, fieldPath, ttl }) => [
        database,
        collection,
        fieldPath,
        ttl ? 'ttl' : 'no',
      ])
for (const line of lines) process.stdout.write(`${line.join('\t')}\n`)

function config({ fieldPath, order, arrayConfig }) {
  return arrayConfig === undefined
    ? `field-path=${fieldPath},order=${order.toLowerCase()}`
    : `field-path=${fieldPath},array-config=${arrayConfig.toLowerCase()}`
}
