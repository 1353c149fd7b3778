import type { Registers } from '../registers/registers.ts'
import type { Documents, StoredDocument } from './documents.ts'
import { queryShapes } from './indexes.ts'

const LISTS = [queryShapes.grantsByGroup, queryShapes.secretsByOwner, queryShapes.sessionsByGroup]

/**
 * `Registers` in the operations database, one document each. The TTL policy of a collection looks at its
 * field `expiresAt`.
 */
export function firestoreRegisters(documents: Documents): Registers {
  return {
    read: async (collection, key) => {
      const found = await documents.get(at(collection), key)
      const bytes = found?.bytes('bytes')
      return found === undefined || bytes === undefined
        ? undefined
        : { bytes, version: versionOf(found) }
    },
    write: async (collection, key, bytes, { version, expiresAt, listed }) => {
      const fields = {
        bytes,
        group: listed?.group,
        at: listed?.at,
        expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
      }
      if (version === undefined)
        return (await documents.create(at(collection), key, fields)) === 'created'
      const replaced = await documents.replace(at(collection), key, version, fields)
      return replaced === 'replaced'
    },
    list: async (collection, group, limit, after) => {
      const shape = LISTS.find((each) => each.collection === collection)
      if (shape === undefined) throw new TypeError(`no list of \`${collection}\``)
      const found = await documents.page({
        shape,
        values: [group],
        after: after && { at: after.at, tieBreak: after.key },
        limit,
      })
      return found.map(({ id }) => id)
    },
  }
}

function versionOf({ updateTime }: StoredDocument): string {
  if (updateTime === undefined) throw new Error('a document without a time')
  return updateTime
}

function at(collection: string) {
  return { database: 'operations', collection } as const
}
