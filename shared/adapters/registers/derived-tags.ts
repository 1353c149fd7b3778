import { createHash } from 'node:crypto'

import { z } from 'zod'

import { formatTable } from '../../bigquery/reference.ts'
import type { DerivedTag, DerivedTags } from '../../policy/derived-tags.ts'
import { changeRegister } from './change-register.ts'
import type { Registers } from './registers.ts'

const COLLECTION = 'derivedTags'

const tags = z.array(
  z.strictObject({
    column: z.string(),
    sources: z.array(z.string()),
    isCopy: z.boolean(),
  }),
)

/** `DerivedTags` on registers: one for each table. */
export function registeredTags(registers: Registers): DerivedTags {
  return {
    of: async (tables) => {
      const keys = new Set(tables.map((table) => keyOf(formatTable(table))))
      const found = await Promise.all([...keys].map((key) => registers.read(COLLECTION, key)))
      return found.flatMap((each) => (each === undefined ? [] : parse(each.bytes)))
    },
    add: async (added) => {
      const byTable = Map.groupBy(added, ({ column }) => keyOf(tableOf(column)))
      for (const [key, ofTable] of byTable)
        // oxlint-disable-next-line no-await-in-loop -- most writes are of one table
        await changeRegister(registers, { collection: COLLECTION, key }, (before) => {
          const known = before === undefined ? [] : parse(before)
          const spelled = new Set(known.map((tag) => spelling(tag)))
          const more = ofTable.filter((tag) => !spelled.has(spelling(tag)))
          const after = more.length === 0 ? undefined : encode([...known, ...more])
          return { after, result: undefined }
        })
    },
  }
}

/** `project.dataset.table` of a column or of a field in one; only a project has dots of its own. */
function tableOf(column: string): string {
  const [, project = '', rest = ''] = /^([^:]*:[^.]*|[^.]*)\.(.*)$/s.exec(column) ?? []
  return [project, ...rest.split('.').slice(0, 2)].join('.')
}

/** Ids may be long; names that differ in case only may be one table. */
function keyOf(table: string): string {
  return createHash('sha256').update(table.toLowerCase()).digest('hex')
}

function spelling({ column, sources, isCopy }: DerivedTag): string {
  return JSON.stringify([column.toLowerCase(), sources, isCopy])
}

function encode(all: readonly DerivedTag[]): Buffer {
  return Buffer.from(JSON.stringify(all))
}

function parse(bytes: Buffer): readonly DerivedTag[] {
  return tags.parse(JSON.parse(bytes.toString('utf8')))
}
